import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { variables } from '../job/base.ts';
import type { JobInput } from '../job/inputs.ts';
import { services } from '../job/services.ts';
import { identity, queueSettings } from '../job/settings.ts';
import type { StepComponent } from './components.ts';
import { nonEmpty, stepBody, stepPorts, stepShape, unknownMembers } from './step.ts';
import { snakeCased, snakeServices, stepDistribution, stepLimits, stepResources } from './stepSettings.ts';

const shape = {
  ...stepShape,
  environment_variables: variables,
  resources: stepResources,
  distribution: stepDistribution,
  limits: stepLimits,
  identity,
  queue_settings: queueSettings,
  services,
};
/** Keys that belong to the component itself; next to one they say nothing. */
const IGNORED = ['$schema', 'component', 'command', 'code', 'environment', 'description'];

/** A step that runs a component. */
export function componentStep(
  name: string,
  node: YamlMap,
  { component, scope, type }: { component: StepComponent; scope: Scope; type: 'command' | 'pipeline' },
): DraftMap | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read) return undefined;
  const inputs = declaredOnly(read.inputs ?? {}, component, { kind: 'inputs', node, scope });
  const outputs = declaredOnly(read.outputs ?? {}, component, { kind: 'outputs', node, scope });
  requireInputs(inputs, component, { name, node, scope });
  return draft({
    ...unknownMembers(node, [...Object.keys(shape), ...IGNORED]),
    ...stepBody(name, type, component.source, read),
    componentId: component.id,
    environment_variables: nonEmpty(read.environment_variables),
    resources: nonEmpty(read.resources),
    distribution: read.distribution,
    limits: read.limits,
    identity: read.identity && snakeCased(read.identity),
    queue_settings: read.queue_settings && snakeCased(read.queue_settings),
    services: read.services && snakeServices(read.services),
    ...stepPorts(inputs, outputs),
  });
}

interface Spot {
  readonly kind: 'inputs' | 'outputs';
  readonly node: YamlMap;
  readonly scope: Scope;
}

/** The reference client leaves out what a local component does not declare; that is told here. */
export function declaredOnly<T>(
  given: Readonly<Record<string, T>>,
  component: StepComponent,
  { kind, node, scope }: Spot,
): Record<string, T> {
  if (component.kind === 'remote') return given;
  const declared = component.spec[kind];
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
  { name, node, scope }: { name: string; node: YamlMap; scope: Scope },
): void {
  const inputs = component.kind === 'local' ? component.spec['inputs'] : undefined;
  if (!isDraftMap(inputs)) return;
  for (const [input, port] of Object.entries(inputs)) {
    const isNeeded = isDraftMap(port) && port['default'] === undefined && port['optional'] !== true;
    if (isNeeded && !(input in given)) {
      scope.refuse(node.at, `The step '${name}' needs the input '${input}' of its component.`);
    }
  }
}
