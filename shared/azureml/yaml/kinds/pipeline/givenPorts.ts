import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { isDraftMap } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import { hasBinding } from '../../references/paths.ts';
import { assetType, type AssetType } from '../job/inputAddress.ts';
import { assetAt, checkPath, type JobInput } from '../job/inputs.ts';
import type { JobOutput } from '../job/outputs.ts';
import type { StepComponent } from './components.ts';

interface Ports {
  readonly inputs: Record<string, JobInput>;
  readonly outputs: Record<string, JobOutput | null>;
}

interface Spot {
  readonly name: string;
  readonly node: YamlMap;
  readonly scope: Scope;
}

/** Inputs and outputs a step gives its component: those the component declares, and all that it needs. */
export function givenPorts(
  read: { readonly inputs: Ports['inputs'] | undefined; readonly outputs: Ports['outputs'] | undefined },
  component: StepComponent,
  spot: Spot,
): Ports {
  const known = declaredOnly(read.inputs ?? {}, component, { kind: 'inputs', ...spot });
  const inputs = asDeclared(known, component, spot);
  const outputs = declaredOnly(read.outputs ?? {}, component, { kind: 'outputs', ...spot });
  requireInputs(known, component, spot);
  return { inputs, outputs };
}

/** The reference client leaves out what a local component does not declare; that is told here. */
export function declaredOnly<T>(
  given: Readonly<Record<string, T>>,
  component: StepComponent,
  { kind, node, scope }: Pick<Spot, 'node' | 'scope'> & { readonly kind: 'inputs' | 'outputs' },
): Record<string, T> {
  if (component.kind === 'remote') return given;
  const declared = component.reading.spec[kind];
  const names = new Set(isDraftMap(declared) ? Object.keys(declared) : []);
  const at = node.entries.get(kind)?.value;
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => {
      if (names.has(name)) return true;
      const place = (at?.kind === 'map' ? at.entries.get(name)?.key.at : undefined) ?? node.at;
      scope.warn(place, `The component has no ${kind.slice(0, -1)} '${name}'; it is not sent.`);
      return false;
    }),
  );
}

/** Text for what a local component declares as data is the path of that data; data needs a path in any case. */
function asDeclared(
  given: Ports['inputs'],
  component: StepComponent,
  { node, scope }: Spot,
): Record<string, JobInput> {
  const ports = component.kind === 'local' ? component.reading.spec['inputs'] : undefined;
  const at = node.entries.get('inputs')?.value;
  const inputs = Object.entries(given).flatMap(([name, input]) => {
    const place = (at?.kind === 'map' ? at.entries.get(name)?.value : undefined) ?? node;
    const port = isDraftMap(ports) ? ports[name] : undefined;
    const type = isDraftMap(port) ? assetType(port['type']) : undefined;
    checkPath(name, input, { at: place.at, scope });
    const made = dataOf(input, type, { node: place, scope: scope.member('inputs').member(name) });
    return made ? [[name, made] as const] : [];
  });
  return Object.fromEntries(inputs);
}

function dataOf(
  input: JobInput,
  type: AssetType | undefined,
  { node, scope }: { node: YamlNode; scope: Scope },
): JobInput | undefined {
  if (type === undefined || input.kind !== 'literal' || hasBinding(input.value)) return input;
  if (input.type !== 'string') return scope.unexpected(node, `data of the type ${type}, such as a path`);
  return assetAt(type, input.value, node, scope);
}

/** What a local component needs and has no default for must be given. */
function requireInputs(
  given: Readonly<Record<string, JobInput>>,
  component: StepComponent,
  { name, node, scope }: Spot,
): void {
  for (const input of neededInputs(component)) {
    if (!(input in given)) {
      scope.refuse(node.at, `The step '${name}' needs the input '${input}' of its component.`);
    }
  }
}

function neededInputs(component: StepComponent): readonly string[] {
  if (component.kind === 'remote') return [];
  const { needed, spec } = component.reading;
  if (needed) return needed;
  return isDraftMap(spec['inputs']) ? requiredOf(spec['inputs']) : [];
}

/** Inputs that are neither optional nor have a default. */
export function requiredOf(inputs: DraftMap): string[] {
  return Object.entries(inputs).flatMap(([name, port]) => {
    const isNeeded = isDraftMap(port) && port['default'] === undefined && port['optional'] !== true;
    return isNeeded ? [name] : [];
  });
}
