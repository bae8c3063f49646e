import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { oneOf } from '../../fields/basic.ts';
import { mapOf, members, record } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { baseShape, READ_ONLY, restBase } from './base.ts';
import { commandOf, commandShape, restCommand, type JobReading } from './command.ts';
import { jobInput, jobInputs } from './inputs.ts';
import { jobOutput, jobOutputs } from './outputs.ts';
import { queueSettings, resources, restResources } from './settings.ts';
import {
  earlyTermination,
  objective,
  restEarlyTermination,
  restLimits,
  samplingAlgorithm,
  searchSpace,
  sweepLimits,
} from './sweepSettings.ts';

const shape = {
  ...baseShape,
  type: oneOf(['sweep'], { exactCase: true }),
  trial: required(record(commandShape, { ignored: ['$schema'] })),
  sampling_algorithm: required(samplingAlgorithm),
  search_space: required(searchSpace),
  objective: required(objective),
  early_termination: earlyTermination,
  limits: required(sweepLimits),
  queue_settings: queueSettings,
  resources,
  inputs: mapOf(jobInput),
  outputs: mapOf(jobOutput),
};

/** A sweep job's file as the `properties` of its request. */
export function sweepJob(node: YamlNode, scope: Scope): JobReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const inputs = jobInputs(read.inputs ?? {}, node.entries.get('inputs')?.value, scope);
  const trialNode = node.entries.get('trial')?.value ?? node;
  const command = commandOf(read.trial?.command, trialNode, { inputs, scope: scope.member('trial') });
  if (read.trial?.queue_settings) {
    scope.warn(trialNode.at, "'queue_settings' of the trial is not sent; write it next to 'trial'.");
  }
  const trialResources = read.trial?.resources && restResources(read.trial.resources);
  const properties = draft({
    jobType: 'Sweep',
    ...restBase(read),
    computeId: read.compute,
    trial: read.trial && draft({ ...restCommand({ ...read.trial, command }), resources: trialResources }),
    samplingAlgorithm: read.sampling_algorithm,
    searchSpace: read.search_space,
    objective: read.objective,
    earlyTermination: read.early_termination && restEarlyTermination(read.early_termination),
    limits: read.limits && restLimits(read.limits),
    inputs,
    outputs: jobOutputs(read.outputs ?? {}, node.entries.get('outputs')?.value, scope),
    queueSettings: read.queue_settings,
    resources: read.resources ? restResources(read.resources) : trialResources,
  });
  return { name: read.name, properties };
}
