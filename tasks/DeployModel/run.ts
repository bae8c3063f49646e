import type { AzureML } from '../../shared/azureml/index.ts';
import { prepareDeploy, type PreparedDeploy } from '../../shared/delivery/deployPreparation.ts';
import {
  recordDeploy,
  recordFailure,
  recordPlan,
  recordTurn,
  type DeployRecording,
} from '../../shared/delivery/deployRecord.ts';
import { requireApprovedPlan, requireEvidenceFor } from '../../shared/delivery/deployRequirements.ts';
import {
  deploy,
  promote,
  rollBack,
  RolloutFailed,
  type RolloutOutcome,
} from '../../shared/delivery/rollout/carryOut.ts';
import { observe } from '../../shared/delivery/rollout/observe.ts';
import { keepInRelease } from '../../shared/delivery/releaseVariables.ts';
import { planDeploy } from '../../shared/delivery/rollout/planning.ts';
import { linesOfPlan, sentenceOfPlan } from '../../shared/delivery/rollout/planWords.ts';
import { remove } from '../../shared/delivery/rollout/remove.ts';
import type { RolloutSetting } from '../../shared/delivery/rollout/setting.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import { summaryMarkdown, type SealedRecord } from '../../shared/evidence/index.ts';
import {
  addAttachment,
  addSummary,
  approvalsOfStage,
  createTaskLog,
  EVIDENCE_ATTACHMENT,
  lineage,
  maskSecret,
  setOutput,
  type Approval,
  type Lineage,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import type { Opening } from '../../shared/rollout/opening.ts';
import type { Plan } from '../../shared/rollout/plan.ts';
import { deployedOfTags, recordOfTags } from '../../shared/rollout/record.ts';
import { busiest } from '../../shared/rollout/traffic.ts';
import type { DeployInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface DeployServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly lineage: Lineage;
  readonly approvals: () => Promise<readonly Approval[]>;
  readonly maskSecret: (secret: string) => void;
  readonly now: () => Date;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: DeployInputs, abortSignal: AbortSignal): DeployServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'DeployModel', log });
  const now = (): Date => new Date();
  return { client, log, lineage: lineage(), approvals: approvalsOfStage, maskSecret, now, abortSignal };
}

/** Acts on the endpoint, and lets the stages of a release know. */
export async function deployModel(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  const outcome = await act(inputs, services);
  await keepInRelease(inputs.releaseVariables, services);
  return outcome;
}

/** Plans, deploys, promotes, rolls back or deletes. */
async function act(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  switch (inputs.action) {
    case 'plan':
      return plan(inputs, services);
    case 'deploy':
      return carryOut(inputs, services);
    case 'promote': {
      const { deploymentName: deployment, wish } = inputs;
      const options = { deployment, keepPrevious: wish.keepPrevious };
      return turn(inputs, services, (setting) => promote(setting, options));
    }
    case 'rollback':
      return turn(inputs, services, rollBack);
    case 'delete':
      return removeNamed(inputs, services);
  }
}

async function plan(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  const prepared = await prepareDeploy(inputs, services);
  const { endpointName, request } = prepared;
  const evidence = await requireEvidenceFor(inputs.evidence, prepared.evidence, {
    ...services,
    endpointName,
  });
  const planned = await planDeploy(settingOf(prepared, services), request);
  setOutput('endpointName', endpointName);
  setOutput('deploymentName', planned.deployment.name);
  setOutput('planHash', planned.planHash);
  for (const line of linesOfPlan(planned)) services.log.info(line);
  const note = planned.isDone
    ? `${sentenceOfPlan(planned)} The plan below is the one it went live with.`
    : undefined;
  const recorded = await recordPlan({ ...services, endpointName, evidence }, planned);
  report(recorded, `Plan for ${endpointName}`, note);
  return { result: 'Succeeded', message: sentenceOfPlan(planned) };
}

function settingOf(prepared: PreparedDeploy, services: DeployServices): RolloutSetting {
  const { endpointName, request, smokeTest } = prepared;
  return { ...services, endpointName, request, smokeTest };
}

async function carryOut(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  const prepared = await prepareDeploy(inputs, services);
  const { endpointName, request } = prepared;
  const evidence = await requireEvidenceFor(inputs.evidence, prepared.evidence, {
    ...services,
    endpointName,
  });
  const recording: DeployRecording = { ...services, endpointName, evidence };
  let planned: Plan | undefined;
  const inspect = (opening: Opening): void => {
    requireApprovedPlan(inputs.evidence, opening);
    planned = opening.is === 'fresh' ? opening.plan : undefined;
    for (const line of planned ? linesOfPlan(planned) : []) services.log.info(line);
  };
  const title = `Deployment to ${endpointName}`;
  try {
    const outcome = await deploy(settingOf(prepared, services), request, inspect);
    const isRequired = inputs.evidence.level !== 'none';
    report(await recordDeploy(recording, outcome, { plan: planned, isRequired }), title);
    await setOutputs(inputs, services, { ...outcome, endpointName });
    return { result: 'Succeeded', message: outcome.words };
  } catch (error) {
    if (!(error instanceof RolloutFailed)) throw error;
    report(await recordFailure(recording, error, planned), title);
    throw error.cause;
  }
}

/** Promotes or rolls back, and tells of it in the evidence of the model that is concerned. */
async function turn(
  inputs: DeployInputs,
  services: DeployServices,
  act: (setting: RolloutSetting) => Promise<RolloutOutcome>,
): Promise<TaskOutcome> {
  const setting = settingFor(inputs, services);
  const { client, abortSignal } = services;
  try {
    const before = await observe(client, setting.endpointName, { abortSignal });
    const outcome = await act(setting);
    const concerned = before?.deployments.find(({ name }) => name === outcome.deployment);
    const recording = { ...services, endpointName: setting.endpointName, evidence: undefined };
    const { action } = inputs;
    report(
      await recordTurn(recording, { action, outcome, model: concerned?.model }),
      `${action} on ${setting.endpointName}`,
    );
    const after = await observe(client, setting.endpointName, { abortSignal });
    const deployment = busiest(after?.state.traffic.live ?? {}) ?? outcome.deployment;
    await setOutputs(inputs, services, { ...outcome, deployment, endpointName: setting.endpointName });
    return { result: 'Succeeded', message: outcome.words };
  } catch (error) {
    throw error instanceof RolloutFailed ? error.cause : error;
  }
}

/** Promote, roll back and delete need a name and send nothing new. */
function settingFor({ endpointName = '' }: DeployInputs, services: DeployServices): RolloutSetting {
  return { ...services, endpointName, request: undefined, smokeTest: undefined };
}

async function removeNamed(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  const setting = settingFor(inputs, services);
  const message = await remove(setting, inputs.deploymentName);
  setOutput('endpointName', setting.endpointName);
  if (inputs.deploymentName !== undefined) setOutput('deploymentName', inputs.deploymentName);
  return { result: 'Succeeded', message };
}

/** The endpoint as it is now: the same after a run that had nothing to do. */
async function setOutputs(
  inputs: DeployInputs,
  { client, abortSignal }: DeployServices,
  done: { readonly endpointName: string; readonly deployment: string; readonly planHash: string },
): Promise<void> {
  setOutput('endpointName', done.endpointName);
  setOutput('deploymentName', done.deployment);
  if (done.planHash !== '') setOutput('planHash', done.planHash);
  const observed = await observe(client, done.endpointName, { abortSignal });
  if (!observed) return;
  const { endpoint, state } = observed;
  const previous = recordOfTags(state.tags)?.before ?? deployedOfTags(state.tags)?.previous;
  setOutput('scoringUri', endpoint.scoringUri ?? '');
  setOutput('previousDeployment', (previous && busiest(previous.live)) ?? '');
  setOutput('traffic', JSON.stringify(state.traffic.live));
  if (!inputs.outputEndpointKey) return;
  const key = await client.endpoints.scoringToken(endpoint, { abortSignal });
  maskSecret(key);
  setOutput('endpointKey', key, { isSecret: true });
}

function report(sealed: SealedRecord | undefined, title: string, note?: string): void {
  if (!sealed) return;
  setOutput('evidenceHash', sealed.hash);
  addAttachment(EVIDENCE_ATTACHMENT, `${sealed.hash}.json`, sealed.text);
  addSummary(title, summaryMarkdown(sealed, note));
}
