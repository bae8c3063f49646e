import type { DeployAsked } from '../../shared/delivery/deployPreparation.ts';
import type { DeploymentSource } from '../../shared/delivery/deploymentSource.ts';
import type { RequiredEvidence } from '../../shared/delivery/deployRequirements.ts';
import { readReleaseVariables, type ReleaseVariables } from '../../shared/delivery/releaseVariables.ts';
import { readWorkspaceInputs, type WorkspaceInputs } from '../../shared/delivery/workspace.ts';
import { createInputReader, type InputReader } from '../../shared/pipelines/index.ts';
import { STRATEGIES, type Limits, type RolloutWish } from '../../shared/rollout/endpointState.ts';
import { readSteps } from '../../shared/rollout/strategy.ts';

export type Action = 'plan' | 'deploy' | 'promote' | 'rollback' | 'delete';
/** What is deployed is empty for the other actions. */
export interface DeployInputs extends DeployAsked {
  readonly workspace: WorkspaceInputs;
  readonly action: Action;
  readonly outputEndpointKey: boolean;
  readonly releaseVariables: ReleaseVariables;
}

/** 3 to 32 characters, a letter first, single dashes inside (Azure ML, online endpoints). */
const NAME = /^(?=.{3,32}$)[a-z](?:-?[a-z0-9])*$/i;
const HASH = /^[0-9a-f]{64}$/;
const ONE_DAY_IN_MINUTES = 1440;
/** The service takes 20 deployments on an endpoint. */
const MOST_KEPT = 18;

/** Which of its outputs later stages of a release find, and under which names, unless the user says otherwise. */
const RELEASE_VARIABLES = {
  'AzureML.EndpointName': 'endpointName',
  'AzureML.DeploymentName': 'deploymentName',
  'AzureML.PreviousDeployment': 'previousDeployment',
  'AzureML.ScoringUri': 'scoringUri',
  'AzureML.PlanHash': 'planHash',
  'AzureML.EvidenceHash': 'evidenceHash',
};

/** Reads every input; all that is wrong is thrown together. */
export function readInputs(): DeployInputs {
  const read = createInputReader();
  const workspace = readWorkspaceInputs(read);
  const action = read.oneOf('action', ['plan', 'deploy', 'promote', 'rollback', 'delete'] as const, 'deploy');
  const deploys = action === 'plan' || action === 'deploy';
  const inputs = {
    action,
    endpointName: readName(read, 'endpointName'),
    deploymentName: readName(read, 'deploymentName'),
    source: readSource(read, deploys),
    wish: readWish(read, deploys),
    smokeTestFile: deploys ? read.file('smokeTestFile') : undefined,
    evidence: readEvidence(read, action),
    outputEndpointKey: read.flag('outputEndpointKey', false),
    releaseVariables: readReleaseVariables(read, RELEASE_VARIABLES),
  };
  if (!deploys && inputs.endpointName === undefined)
    read.complain('endpointName', `The action ${action} needs the name of an endpoint.`);
  read.finish();
  return { ...inputs, workspace: workspace! };
}

function readName(read: InputReader, input: string): string | undefined {
  const name = read.text(input);
  if (name !== undefined && !NAME.test(name))
    read.complain(
      input,
      `'${name}' cannot be the name of an endpoint or a deployment.`,
      'Use 3 to 32 letters, digits and single dashes; a letter first, no dash at the end.',
    );
  return name?.toLowerCase();
}

function readSource(read: InputReader, deploys: boolean): DeploymentSource {
  if (!deploys)
    return {
      endpointFile: undefined,
      deploymentFile: undefined,
      target: 'managed',
      overrides: [],
      values: {},
    };
  const deploymentFile = read.file('deploymentFile');
  const model = readModel(read);
  if (!deploymentFile && !model)
    read.complain('model', 'A model is required.', "Name it here, or in a file given in 'deploymentFile'.");
  const values = {
    model,
    instance_type: read.text('instanceType'),
    instance_count: readCount(read),
    environment: read.text('environment'),
    code_configuration: readCode(read, deploymentFile !== undefined),
    environment_variables: orUndefined(read.pairs('environmentVariables')),
  };
  return {
    endpointFile: read.file('endpointFile'),
    deploymentFile,
    target: read.oneOf('target', ['managed', 'kubernetes'] as const, 'managed'),
    overrides: lines(read.text('set')),
    values,
  };
}

/** `name:version` and `azureml:name:version` mean the same. */
function readModel(read: InputReader): string | undefined {
  const model = read.text('model');
  if (model === undefined || /^[a-z]+:\/\//i.test(model) || model.startsWith('/')) return model;
  const found = /^(?:azureml:)?([^:@/\s]+)([:@])([^:@/\s]+)$/.exec(model);
  if (!found)
    read.complain(
      'model',
      `'${model}' names no model version.`,
      'Write azureml:name:version or name:version.',
    );
  return found ? `azureml:${found[1]}${found[2]}${found[3]}` : undefined;
}

function readCount(read: InputReader): number | undefined {
  if (read.text('instanceCount') === undefined) return undefined;
  return read.number('instanceCount', 1, { min: 1, max: 50, integer: true });
}

function readCode(read: InputReader, hasFile: boolean): Readonly<Record<string, string>> | undefined {
  const [code, script] = [read.text('code'), read.text('scoringScript')];
  if (code === undefined && script === undefined) return undefined;
  if (!hasFile && (code === undefined || script === undefined))
    read.complain(
      code === undefined ? 'code' : 'scoringScript',
      'Code folder and scoring script belong together.',
      'Give both, or neither for MLflow and Triton models.',
    );
  return { ...(code !== undefined && { code }), ...(script !== undefined && { scoring_script: script }) };
}

function readWish(read: InputReader, deploys: boolean): RolloutWish {
  const strategy = read.oneOf('strategy', STRATEGIES, 'blue-green');
  const steps = readSteps(strategy, deploys ? read.list('steps') : []);
  if ('complaint' in steps) read.complain('steps', steps.complaint);
  const bakeTimeInMinutes = read.number('bakeTimeInMinutes', 0, { min: 0, max: ONE_DAY_IN_MINUTES });
  const limits = readLimits(read);
  const [limit] = Object.keys(limits).filter((name) => name !== 'latencyPercentile');
  if (deploys && limit !== undefined && bakeTimeInMinutes === 0)
    read.complain(limit, 'A limit needs a time in which it is watched.', "Give 'bakeTimeInMinutes' as well.");
  return {
    strategy,
    steps: 'steps' in steps ? steps.steps : [100],
    bakeTimeInMinutes,
    keepPrevious: read.number('keepPrevious', 1, { min: 0, max: MOST_KEPT, integer: true }),
    limits,
  };
}

function readLimits(read: InputReader): Limits {
  const optional = (name: string, max: number): number | undefined =>
    read.text(name) === undefined ? undefined : read.number(name, 0, { min: 0, max });
  const maxErrorRatePercent = optional('maxErrorRatePercent', 100);
  const maxLatencyInMs = optional('maxLatencyInMs', 300_000);
  const minimumRequests = optional('minimumRequests', 1_000_000_000);
  const percentile = Number(read.oneOf('latencyPercentile', ['50', '90', '95', '99'] as const, '95'));
  return {
    ...(maxErrorRatePercent !== undefined && { maxErrorRatePercent }),
    ...(maxLatencyInMs !== undefined && { maxLatencyInMs, latencyPercentile: percentileOf(percentile) }),
    ...(minimumRequests !== undefined && minimumRequests > 0 && { minimumRequests }),
  };
}

function percentileOf(value: number): 50 | 90 | 95 | 99 {
  return value === 50 || value === 90 || value === 99 ? value : 95;
}

function readEvidence(read: InputReader, action: Action): RequiredEvidence {
  const level = read.oneOf('requireEvidence', ['none', 'verdict', 'exact'] as const, 'none');
  if (level !== 'exact') return { level };
  // A plan is what an approver will see: there is nothing yet to compare it with.
  if (action !== 'deploy') return { level: 'verdict' };
  return { level, evidenceHash: readHash(read, 'evidenceHash'), planHash: readHash(read, 'planHash') };
}

function readHash(read: InputReader, input: string): string {
  const hash = read.text(input)?.toLowerCase() ?? '';
  if (!HASH.test(hash))
    read.complain(
      input,
      hash === '' ? 'Exact evidence needs it.' : `'${hash}' is no SHA-256.`,
      `Give the output ${input} of the plan step, as a variable that was set before the approval.`,
    );
  return hash;
}

function lines(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function orUndefined<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
