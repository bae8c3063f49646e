import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AzureML } from '../../shared/azureml/index.ts';
import {
  approvedEvidence,
  findDeployEvidence,
  requireSameBytes,
  requireVerdict,
  type DeployEvidence,
} from '../../shared/delivery/deployEvidence.ts';
import { compileSource } from '../../shared/delivery/deploymentSource.ts';
import {
  recordDeploy,
  recordFailure,
  recordPlan,
  type DeployRecording,
} from '../../shared/delivery/deployRecord.ts';
import {
  deploy,
  promote,
  rollBack,
  RolloutFailed,
  type RolloutOutcome,
} from '../../shared/delivery/rollout/carryOut.ts';
import { observe } from '../../shared/delivery/rollout/observe.ts';
import { planDeploy } from '../../shared/delivery/rollout/planning.ts';
import { linesOfPlan, sentenceOfPlan } from '../../shared/delivery/rollout/planWords.ts';
import { remove } from '../../shared/delivery/rollout/remove.ts';
import { createRequest, type DeployRequest } from '../../shared/delivery/rollout/request.ts';
import type { RolloutSetting } from '../../shared/delivery/rollout/setting.ts';
import { createUploadLog } from '../../shared/delivery/uploadLog.ts';
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
import { Problem } from '../../shared/problem/index.ts';
import type { Opening } from '../../shared/rollout/opening.ts';
import type { Plan } from '../../shared/rollout/plan.ts';
import { deployedOfTags, recordOfTags } from '../../shared/rollout/record.ts';
import type { SmokeTest } from '../../shared/rollout/smoke/smokeTest.ts';
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

/** Plans, deploys, promotes, rolls back or deletes. */
export async function deployModel(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  switch (inputs.action) {
    case 'plan':
      return plan(await prepare(inputs, services));
    case 'deploy':
      return carryOut(await prepare(inputs, services));
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

/** What plan and deploy have in common: files and inputs read, model and evidence found. */
interface Prepared {
  readonly inputs: DeployInputs;
  readonly services: DeployServices;
  readonly request: DeployRequest;
  readonly setting: RolloutSetting;
  readonly evidence: DeployEvidence | undefined;
}

async function prepare(inputs: DeployInputs, services: DeployServices): Promise<Prepared> {
  const { client, log, abortSignal } = services;
  const { smokeTestFile } = inputs;
  const smokeTest = smokeTestFile === undefined ? undefined : await readSmokeTestFile(smokeTestFile);
  const compiled = await compileSource(client, inputs.source, inputs, { abortSignal });
  for (const { message, place } of compiled.warnings)
    log.warning(
      [place.file, place.line, place.column, ` ${message}`].filter((part) => part !== undefined).join(':'),
    );
  const request = await createRequest({
    ...compiled,
    client,
    wish: inputs.wish,
    smokeTestHash: smokeTest?.hash,
    onProgress: createUploadLog(log),
    abortSignal,
  });
  const evidence = compiled.model && (await findDeployEvidence(client, compiled.model, { abortSignal }));
  const setting = { ...services, endpointName: compiled.endpointName, request, smokeTest };
  return { inputs, services, request, setting, evidence };
}

/** JSON Schema and JSONPath are loaded only where there is a smoke test. */
async function readSmokeTestFile(file: string): Promise<SmokeTest> {
  const { readSmokeTest } = await import('../../shared/rollout/smoke/read.ts');
  const folder = path.dirname(file);
  return readSmokeTest(readFileSync(file, 'utf8'), {
    file: path.relative(process.cwd(), file),
    readNeighbour: (neighbour) => readFileSync(path.resolve(folder, neighbour)),
  });
}

async function plan(prepared: Prepared): Promise<TaskOutcome> {
  const { inputs, services, request, setting, evidence } = prepared;
  if (inputs.evidence.level !== 'none') requireVerdict(requireModel(evidence));
  const planned = await planDeploy(setting, request);
  setOutput('endpointName', setting.endpointName);
  setOutput('deploymentName', planned.deployment.name);
  setOutput('planHash', planned.planHash);
  for (const line of linesOfPlan(planned)) services.log.info(line);
  report(await recordPlan(recordingOf(prepared), planned), `Plan for ${setting.endpointName}`);
  return { result: 'Succeeded', message: sentenceOfPlan(planned) };
}

function recordingOf({ services, setting, evidence }: Prepared): DeployRecording {
  return { ...services, endpointName: setting.endpointName, evidence };
}

async function carryOut(prepared: Prepared): Promise<TaskOutcome> {
  const { inputs, services, request, setting } = prepared;
  const recording = recordingOf({ ...prepared, evidence: await checkedEvidence(prepared) });
  const title = `Deployment to ${setting.endpointName}`;
  let planned: Plan | undefined;
  const inspect = (opening: Opening): void => {
    requirePlan(inputs, opening);
    planned = opening.is === 'fresh' ? opening.plan : undefined;
    for (const line of planned ? linesOfPlan(planned) : []) services.log.info(line);
  };
  try {
    const outcome = await deploy(setting, request, inspect);
    report(await recordDeploy(recording, outcome, planned), title);
    await setOutputs(inputs, services, { ...outcome, endpointName: setting.endpointName });
    return { result: 'Succeeded', message: outcome.words };
  } catch (error) {
    if (!(error instanceof RolloutFailed)) throw error;
    report(await recordFailure(recording, error, planned), title);
    throw error.cause;
  }
}

/** What is required of the evidence, before anything is changed. */
async function checkedEvidence({
  inputs,
  services,
  setting,
  evidence,
}: Prepared): Promise<DeployEvidence | undefined> {
  const { client, log, abortSignal } = services;
  const required = inputs.evidence;
  if (required.level === 'none') return evidence;
  const found = requireModel(evidence);
  if (required.level === 'verdict') {
    requireVerdict(found);
    return found;
  }
  const approved = { ...required, endpointName: setting.endpointName };
  const exact = await approvedEvidence(client, found, approved, { abortSignal });
  log.info('Comparing the bytes of every model file with those that were registered:');
  const onFile = ({ sha256, path: file }: { sha256: string; path: string }): void =>
    log.info(`  ${sha256}  ${file}`);
  await requireSameBytes(client, exact, { abortSignal, onFile });
  return exact;
}

/** What is done now must be what was approved; what an interrupted run left may be undone without being asked. */
function requirePlan({ evidence }: DeployInputs, opening: Opening): void {
  if (evidence.level !== 'exact' || opening.is === 'leftover' || opening.is === 'busy') return;
  const planHash = opening.is === 'fresh' ? opening.plan.planHash : opening.record.planHash;
  if (planHash === evidence.planHash) return;
  throw new Problem({
    code: 'evidence',
    message: `What would be done now (plan ${planHash}) is not what was approved (plan ${evidence.planHash}): the endpoint, the files or the inputs have changed since.`,
    place: { input: 'planHash' },
    next: 'Run the plan step again and let the new plan be approved.',
  });
}

function requireModel(evidence: DeployEvidence | undefined): DeployEvidence {
  if (evidence) return evidence;
  throw new Problem({
    code: 'evidence',
    message: 'Only a registered model version has evidence.',
    place: { input: 'model' },
    next: 'Register the model with RegisterModel and name its version.',
  });
}

async function turn(
  inputs: DeployInputs,
  services: DeployServices,
  act: (setting: RolloutSetting) => Promise<RolloutOutcome>,
): Promise<TaskOutcome> {
  const setting = settingFor(inputs, services);
  try {
    const outcome = await act(setting);
    await setOutputs(inputs, services, { ...outcome, endpointName: setting.endpointName });
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

function report(sealed: SealedRecord | undefined, title: string): void {
  if (!sealed) return;
  setOutput('evidenceHash', sealed.hash);
  addAttachment(EVIDENCE_ATTACHMENT, `${sealed.hash}.json`, sealed.text);
  addSummary(title, summaryMarkdown(sealed));
}
