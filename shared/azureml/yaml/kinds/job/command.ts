import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { mapOf, members, type Members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { code } from '../../references/code.ts';
import { LOCAL_COMPUTE } from '../../references/compute.ts';
import { environment } from '../environment.ts';
import { baseShape, READ_ONLY, restBase, variables } from './base.ts';
import { checkCommandInputs, doubleBraces } from './commandText.ts';
import { jobInput, jobInputs } from './inputs.ts';
import { jobOutput, jobOutputs } from './outputs.ts';
import { commandLimits, distribution, queueSettings, resources, restResources } from './settings.ts';

/** What a command job and the trial of a sweep share. */
export const commandShape = {
  command: required(text),
  code,
  environment: required(environment),
  environment_variables: variables,
  resources,
  distribution,
  queue_settings: queueSettings,
};

const shape = {
  ...baseShape,
  ...commandShape,
  type: oneOf(['command'], { exactCase: true }),
  limits: commandLimits,
  inputs: mapOf(jobInput),
  outputs: mapOf(jobOutput),
  parent_job_name: text,
};

export interface JobReading {
  readonly name: string | undefined;
  readonly properties: DraftMap;
}

/** A command job's file as the `properties` of its request. */
export function commandJob(node: YamlNode, scope: Scope): JobReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const inputsNode = node.entries.get('inputs')?.value;
  const inputs = jobInputs(read.inputs ?? {}, inputsNode, scope);
  const command = commandOf(read.command, node, { inputs, scope });
  const properties = draft({
    jobType: 'Command',
    ...restBase(read),
    ...restCommand({ ...read, command }),
    ...placement(read),
    limits: read.limits,
    inputs,
    outputs: jobOutputs(read.outputs ?? {}, node.entries.get('outputs')?.value, scope),
    queueSettings: read.queue_settings,
    parentJobName: read.parent_job_name,
  });
  return { name: read.name, properties };
}

/** The command as it is sent, checked against the inputs it reads. */
export function commandOf(
  command: string | undefined,
  node: YamlNode,
  { inputs, scope }: { inputs: DraftMap; scope: Scope },
): string | undefined {
  const commandNode = node.kind === 'map' ? node.entries.get('command')?.value : undefined;
  if (command === undefined) return undefined;
  const sent = doubleBraces(command, commandNode, scope);
  checkCommandInputs(sent, inputs, { node: commandNode, scope });
  return sent;
}

type CommandMembers = Pick<
  Members<typeof commandShape>,
  'command' | 'code' | 'environment' | 'environment_variables' | 'distribution'
>;

export function restCommand(read: CommandMembers): Record<string, Draft | undefined> {
  return {
    command: read.command,
    codeId: read.code,
    environmentId: read.environment,
    environmentVariables: read.environment_variables ?? {},
    distribution: read.distribution,
  };
}

type PlacementMembers = Pick<Members<typeof shape>, 'compute' | 'resources' | 'environment_variables'>;

/** Compute and resources; `local` has no compute but two marks that tell the service so. */
function placement(read: PlacementMembers): Record<string, Draft | undefined> {
  const sent = read.resources && restResources(read.resources);
  if (read.compute !== LOCAL_COMPUTE) return { computeId: read.compute, resources: sent };
  return {
    resources: { ...sent, properties: { ...read.resources?.properties, IsLocal: { IsLocal: true } } },
    environmentVariables: { AZUREML_COMPUTE_USE_COMMON_RUNTIME: 'true', ...read.environment_variables },
  };
}
