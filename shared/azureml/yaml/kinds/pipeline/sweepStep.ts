import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { jsonOf, oneOf, text } from '../../fields/basic.ts';
import { members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import {
  earlyTermination,
  nodeEarlyTermination,
  nodeLimits,
  samplingAlgorithm,
  searchSpace,
  sweepLimits,
} from '../job/sweepSettings.ts';
import type { StepComponent } from './components.ts';
import { declaredOnly } from './givenPorts.ts';
import { stepBody, stepPorts, stepShape, unknownMembers } from './step.ts';
import { stepResources } from './stepSettings.ts';

/** Checks a value as a sweep job does, and sends it in the file's own words, as steps are. */
function asWritten<T>(field: Field<T>): Field<Draft> {
  return mapped(field, (_, node) => lowered(jsonOf(node)));
}

/** Words like `Random` are sent in small letters. */
function lowered(value: Draft): Draft {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

const spaceAsWritten: Field<Draft> = mapped(searchSpace, (_, node) => jsonOf(node));

const shape = {
  ...stepShape,
  sampling_algorithm: asWritten(samplingAlgorithm),
  search_space: spaceAsWritten,
  objective: required(
    record({ goal: required(oneOf(['minimize', 'maximize'])), primary_metric: required(text) }),
  ),
  early_termination: earlyTermination,
  limits: required(sweepLimits),
  queue_settings: record({
    job_tier: oneOf(['null', 'spot', 'basic', 'standard', 'premium']),
    priority: oneOf(['low', 'medium', 'high']),
  }),
  resources: stepResources,
};
const IGNORED = ['$schema', 'trial', 'description', 'identity', 'services'];

/** A step that sweeps over the inputs of a component. */
export function sweepStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read) return undefined;
  const inputs = declaredOnly(read.inputs ?? {}, component, { kind: 'inputs', node, scope });
  const outputs = declaredOnly(read.outputs ?? {}, component, { kind: 'outputs', node, scope });
  return draft({
    ...unknownMembers(node, [...Object.keys(shape), ...IGNORED]),
    ...stepBody(name, 'sweep', component.source, read),
    trial: { componentId: component.id },
    sampling_algorithm: read.sampling_algorithm,
    search_space: read.search_space,
    objective: read.objective && draft(read.objective),
    early_termination: read.early_termination && nodeEarlyTermination(read.early_termination),
    limits: read.limits && nodeLimits(read.limits),
    queue_settings: read.queue_settings && draft(read.queue_settings),
    resources: read.resources,
    ...stepPorts(inputs, outputs),
  });
}
