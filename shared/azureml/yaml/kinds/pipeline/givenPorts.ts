import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { isDraftMap } from '../../draft.ts';
import type { Scope } from '../../fields/scope.ts';
import type { JobInput } from '../job/inputs.ts';
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
  const inputs = declaredOnly(read.inputs ?? {}, component, { kind: 'inputs', ...spot });
  const outputs = declaredOnly(read.outputs ?? {}, component, { kind: 'outputs', ...spot });
  requireInputs(inputs, component, spot);
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
