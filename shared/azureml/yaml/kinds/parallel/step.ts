import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { integer, jsonOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { variables } from '../job/base.ts';
import { identity, resources, restResources } from '../job/settings.ts';
import { services } from '../job/services.ts';
import { bindable } from '../pipeline/binding.ts';
import { inlineComponent, type StepComponent } from '../pipeline/components.ts';
import { givenPorts } from '../pipeline/givenPorts.ts';
import type { PortTypes } from '../pipeline/portTypes.ts';
import { nonEmpty, stepBody, stepPorts, stepShape, unknownMembers } from '../pipeline/step.ts';
import { snakeCased, stepResources, withoutEmpty } from '../pipeline/stepSettings.ts';
import { parallelShape, partitionKeys } from './settings.ts';
import { parallelSpec } from './spec.ts';

const own = { ...stepShape, ...parallelShape(bindable(integer)), identity };
const stepOnly = { ...own, environment_variables: variables, resources: stepResources };
const IGNORED = ['$schema', 'component', 'description'];

/** A step that runs a parallel component; what it leaves out comes from there. */
export function parallelStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, stepOnly, { open: true });
  if (!read) return undefined;
  const { inputs, outputs } = givenPorts(read, component, { name, node, scope });
  const spec: DraftMap = component.kind === 'local' ? component.reading.spec : {};
  const size = spec['mini_batch_size'];
  const keys = partitionKeys(read.partition_keys);
  return draft({
    ...unknownMembers(node, [...Object.keys(stepOnly), ...IGNORED]),
    ...stepBody(name, 'parallel', component.source, read),
    componentId: component.id,
    task: read.task ?? spec['task'],
    input_data: read.input_data ?? spec['input_data'],
    mini_batch_size: read.mini_batch_size || (size === undefined ? read.mini_batch_size : Number(size)),
    partition_keys: keys ?? spec['partition_keys'],
    logging_level: read.logging_level,
    max_concurrency_per_instance: read.max_concurrency_per_instance ?? spec['max_concurrency_per_instance'],
    error_threshold: read.error_threshold,
    mini_batch_error_threshold: read.mini_batch_error_threshold ?? spec['mini_batch_error_threshold'],
    retry_settings: nonEmpty(read.retry_settings) ?? spec['retry_settings'],
    resources: read.resources ? nonEmpty(read.resources) : spec['resources'],
    environment_variables: nonEmpty(read.environment_variables),
    identity: read.identity && snakeCased(read.identity),
    ...stepPorts(inputs, outputs),
  });
}

const inlineShape = {
  ...own,
  environment_variables: mapOf(text),
  resources,
  description: text,
  experiment_name: text,
  services,
};

/** A step that says itself what to run: an anonymous component is made of it. */
export function inlineParallelStep(
  name: string,
  node: YamlMap,
  scope: Scope,
  ports: PortTypes,
): DraftMap | undefined {
  const { comment: _, ...shape } = inlineShape;
  const read = members(node, scope, shape, { ignored: ['$schema', 'id', 'status', 'creation_context'] });
  if (!read) return undefined;
  const spec = draft({
    type: 'parallel',
    is_deterministic: true,
    inputs: nonEmpty(ports.inputsOf(read.inputs ?? {}, node, scope)),
    outputs: nonEmpty(ports.outputsOf(read.outputs ?? {}, node, scope)),
    ...parallelSpec(read),
  });
  const component = inlineComponent(spec, 'parallel', { node, scope });
  const identityNode = node.entries.get('identity')?.value;
  return draft({
    // Names for people are not sent here, as the reference client does.
    ...stepBody(name, 'parallel', 'YAML.JOB', {
      ...read,
      comment: undefined,
      display_name: undefined,
      tags: undefined,
    }),
    componentId: component.id,
    task: read.task,
    input_data: read.input_data,
    mini_batch_size: read.mini_batch_size ?? 0,
    partition_keys: partitionKeys(read.partition_keys),
    logging_level: read.logging_level,
    max_concurrency_per_instance: read.max_concurrency_per_instance,
    error_threshold: read.error_threshold,
    mini_batch_error_threshold: read.mini_batch_error_threshold,
    retry_settings: nonEmpty(read.retry_settings),
    resources: read.resources && nonEmpty(withoutEmpty(snakeCased(restResources(read.resources)))),
    environment_variables: nonEmpty(read.environment_variables),
    identity: identityNode && read.identity ? jsonOf(identityNode) : undefined,
    ...stepPorts(read.inputs ?? {}, read.outputs ?? {}),
  });
}
