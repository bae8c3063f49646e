import type { DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import { text } from '../../fields/basic.ts';
import type { Scope } from '../../fields/scope.ts';
import { componentCode } from '../../references/code.ts';
import { checkBindings, specDistribution } from '../component/command.ts';
import { commandSpec } from '../component/spec.ts';
import { environment } from '../environment.ts';
import { variables } from '../job/base.ts';
import { services } from '../job/services.ts';
import {
  commandLimits,
  distribution,
  identity,
  queueSettings,
  resources,
  restResources,
} from '../job/settings.ts';
import { inlineComponent } from './components.ts';
import type { PortTypes } from './portTypes.ts';
import { nonEmpty, stepBody, stepPorts, stepShape } from './step.ts';
import { snakeCased, snakeServices, withoutEmpty } from './stepSettings.ts';

const shape = {
  ...stepShape,
  command: required(text),
  code: componentCode,
  environment: required(environment),
  environment_variables: variables,
  description: text,
  experiment_name: text,
  parent_job_name: text,
  resources,
  distribution,
  limits: commandLimits,
  identity,
  queue_settings: queueSettings,
  services,
};

/** A step with a command of its own: an anonymous component is made of it, which the node then names. */
export function inlineStep(
  name: string,
  node: YamlMap,
  scope: Scope,
  ports: PortTypes,
): DraftMap | undefined {
  if (node.entries.has('comment'))
    scope.refuse(node.at, `The step '${name}' has a comment but no component; it needs one.`);
  const read = members(node, scope, shape, {
    ignored: ['$schema', 'comment', 'id', 'status', 'creation_context'],
  });
  if (!read) return undefined;
  const inputs = ports.inputsOf(read.inputs ?? {}, node, scope);
  const outputs = ports.outputsOf(read.outputs ?? {}, node, scope);
  checkBindings(read.command, { node, inputs, outputs }, scope);
  const distributionNode = node.entries.get('distribution')?.value;
  const spec = commandSpec({
    command: read.command,
    code: read.code,
    environment: read.environment,
    inputs,
    outputs,
    resources: read.resources,
    distribution: distributionNode && specDistribution.read(distributionNode, scope.apart()),
    description: read.description,
    tags: read.tags,
  });
  const component = inlineComponent({ ...spec, is_deterministic: true }, 'command', { node, scope });
  return draft({
    ...stepBody(name, 'command', 'YAML.JOB', read),
    componentId: component.id,
    environment_variables: nonEmpty(read.environment_variables),
    resources: read.resources && withoutEmpty(snakeCased(restResources(read.resources))),
    distribution: read.distribution && snakeCased(read.distribution),
    limits: read.limits && snakeCased(read.limits),
    identity: read.identity && snakeCased(read.identity),
    queue_settings: read.queue_settings && snakeCased(read.queue_settings),
    services: read.services && snakeServices(read.services),
    ...stepPorts(read.inputs ?? {}, read.outputs ?? {}),
  });
}
