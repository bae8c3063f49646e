import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { isDraftMap } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import type { JobInput } from '../job/inputs.ts';
import { isOutputBinding, type JobOutput } from '../job/outputs.ts';

interface Ports {
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput | null>>;
}

interface Declared {
  readonly inputs: DraftMap;
  readonly outputs: DraftMap;
}

/** Spark reads and writes data where it lies, so `mode: direct` must stand in the file or in its component. */
export function checkDirect(
  { inputs, outputs }: Ports,
  { node, scope, declared }: { node: YamlMap; scope: Scope; declared?: Declared },
): void {
  for (const [name, input] of Object.entries(inputs)) {
    const isFine = input.kind !== 'asset' || input.mode === 'direct' || isDirect(declared?.inputs[name]);
    if (!isFine) refuse('inputs', name, { node, scope });
  }
  for (const [name, output] of Object.entries(outputs)) {
    const isFine = isFineOutput(name, output) || isDirect(declared?.outputs[name]);
    if (!isFine) refuse('outputs', name, { node, scope });
  }
}

function isFineOutput(name: string, output: JobOutput | null): boolean {
  if (output === null || name === 'default' || output.mode === 'direct') return true;
  if (output.path !== undefined && isOutputBinding(output.path)) return true;
  return Object.values(output).every((value) => value === undefined);
}

function isDirect(port: DraftMap[string] | undefined): boolean {
  return isDraftMap(port) && port['mode'] === 'direct';
}

function refuse(
  kind: 'inputs' | 'outputs',
  name: string,
  { node, scope }: { node: YamlMap; scope: Scope },
): void {
  const ports = node.entries.get(kind)?.value;
  const at = ports?.kind === 'map' ? ports.entries.get(name)?.value.at : undefined;
  scope.refuse(at ?? node.at, `'${kind}.${name}' needs 'mode: direct'; Spark takes no other.`);
}
