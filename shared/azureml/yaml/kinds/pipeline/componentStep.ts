import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { variables } from '../job/base.ts';
import { services } from '../job/services.ts';
import { identity, queueSettings } from '../job/settings.ts';
import type { StepComponent } from './components.ts';
import { givenPorts } from './givenPorts.ts';
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

/** A step that runs a command component. */
export function componentStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read) return undefined;
  const { inputs, outputs } = givenPorts(read, component, { name, node, scope });
  return draft({
    ...unknownMembers(node, [...Object.keys(shape), ...IGNORED]),
    ...stepBody(name, 'command', component.source, read),
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

/** Keys of a step with a pipeline in it that are not sent. */
const IGNORED_OF_PIPELINE = ['$schema', 'component', 'description', 'experiment_name', 'settings'];

/** A step that runs a pipeline component. */
export function nestedStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, stepShape, { open: true });
  if (!read) return undefined;
  const { inputs, outputs } = givenPorts(read, component, { name, node, scope });
  return draft({
    ...unknownMembers(node, [...Object.keys(stepShape), ...IGNORED_OF_PIPELINE]),
    ...stepBody(name, 'pipeline', component.source, read),
    componentId: component.id,
    ...stepPorts(inputs, outputs),
  });
}
