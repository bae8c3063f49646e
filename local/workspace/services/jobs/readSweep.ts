import { defined, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { checkPlaceholders, readCommandText, readLimits, readResources } from './readCommand.ts';
import { readInputs, readOutputs } from './readInputs.ts';

const ALGORITHMS = ['Random', 'Grid', 'Bayesian'] as const;
const POLICIES = ['Bandit', 'MedianStopping', 'TruncationSelection'] as const;

/** The members of a sweep job. */
export function readSweep(members: Members): Json {
  const inputs = readInputs(members);
  const outputs = readOutputs(members);
  const searchSpace = members.needed('searchSpace', members.object('searchSpace'));
  if (Object.keys(searchSpace).length === 0)
    throw userError("The member 'properties.searchSpace' must name at least one parameter.");
  const known = {
    inputs: Object.keys(inputs),
    outputs: Object.keys(outputs),
    search_space: Object.keys(searchSpace),
  };
  return defined({
    inputs,
    outputs,
    searchSpace,
    trial: readTrial(members.needed('trial', members.object('trial')), known),
    objective: readObjective(members.needed('objective', members.object('objective'))),
    samplingAlgorithm: readAlgorithm(
      members.needed('samplingAlgorithm', members.object('samplingAlgorithm')),
    ),
    earlyTermination: readPolicy(members.object('earlyTermination')),
    limits: readLimits(members.object('limits'), 'Sweep'),
  });
}

function readTrial(trial: Json, known: Readonly<Record<string, readonly string[]>>): Json {
  const members = new Members(trial, 'properties.trial');
  checkPlaceholders(readCommandText(members), known);
  return defined({
    ...trial,
    environmentId: members.needed('environmentId', members.text('environmentId')),
    environmentVariables: members.texts('environmentVariables') ?? {},
    resources: readResources(members.object('resources')),
  });
}

function readObjective(objective: Json): Json {
  const members = new Members(objective, 'properties.objective');
  return {
    goal: members.needed('goal', members.word('goal', ['Minimize', 'Maximize'])),
    primaryMetric: members.needed('primaryMetric', members.text('primaryMetric')),
  };
}

function readAlgorithm(algorithm: Json): Json {
  const members = new Members(algorithm, 'properties.samplingAlgorithm');
  const type = members.needed('samplingAlgorithmType', members.word('samplingAlgorithmType', ALGORITHMS));
  return { ...algorithm, samplingAlgorithmType: type };
}

function readPolicy(policy: Json | undefined): Json | undefined {
  if (!policy) return undefined;
  const members = new Members(policy, 'properties.earlyTermination');
  return { ...policy, policyType: members.needed('policyType', members.word('policyType', POLICIES)) };
}
