import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { UploadProgress } from '../../shared/azureml/assets/index.ts';
import type { AzureML } from '../../shared/azureml/index.ts';
import {
  approvedEvidence,
  findDeployEvidence,
  isRecorded,
  keepLinks,
  plannedLink,
  requireSameBytes,
  requireVerdict,
  type DeployEvidence,
} from '../../shared/delivery/deployEvidence.ts';
import { compileSource, type CompiledSource } from '../../shared/delivery/deploymentSource.ts';
import {
  deploy,
  promote,
  rollBack,
  RolloutFailed,
  type RolloutOutcome,
} from '../../shared/delivery/rollout/carryOut.ts';
import { observe } from '../../shared/delivery/rollout/observe.ts';
import { planDeploy } from '../../shared/delivery/rollout/planning.ts';
import { remove } from '../../shared/delivery/rollout/remove.ts';
import { createRequest, type DeployRequest } from '../../shared/delivery/rollout/request.ts';
import type { RolloutSetting } from '../../shared/delivery/rollout/setting.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import {
  summaryMarkdown,
  type Approver,
  type BuildLineage,
  type Deployed,
  type SealedRecord,
} from '../../shared/evidence/index.ts';
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
import { messageOf, Problem } from '../../shared/problem/index.ts';
import type { Opening } from '../../shared/rollout/opening.ts';
import type { Plan } from '../../shared/rollout/plan.ts';
import { deployedOfTags, recordOfTags } from '../../shared/rollout/record.ts';
import { readSmokeTest } from '../../shared/rollout/smoke/read.ts';
import type { SmokeTest } from '../../shared/rollout/smoke/smokeTest.ts';
import { busiest, wordsOfTraffic } from '../../shared/rollout/traffic.ts';
import type { DeployInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface DeployServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly lineage: Lineage;
  readonly approvals: () => Promise<readonly Approval[]>;
  readonly now: () => Date;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: DeployInputs, abortSignal: AbortSignal): DeployServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'DeployModel', log });
  return { client, log, lineage: lineage(), approvals: approvalsOfStage, now: () => new Date(), abortSignal };
}

/** Plans, deploys, promotes, rolls back or deletes. */
export async function deployModel(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  switch (inputs.action) {
    case 'plan':
      return plan(await prepare(inputs, services));
    case 'deploy':
      return carryOut(await prepare(inputs, services));
    case 'promote': {
      const { deploymentName: deployment } = inputs;
      const { keepPrevious } = inputs.wish;
      return turn(inputs, services, (setting) => promote(setting, { deployment, keepPrevious }));
    }
    case 'rollback':
      return turn(inputs, services, rollBack);
    case 'delete':
      return removeIt(inputs, services);
  }
}

/** What plan and deploy have in common: files and inputs read, model and evidence found. */
interface Prepared {
  readonly inputs: DeployInputs;
  readonly services: DeployServices;
  readonly compiled: CompiledSource;
  readonly request: DeployRequest;
  readonly setting: RolloutSetting;
  readonly evidence: DeployEvidence | undefined;
}

async function prepare(inputs: DeployInputs, services: DeployServices): Promise<Prepared> {
  const { client, log, abortSignal } = services;
  const smokeTest = inputs.smokeTestFile === undefined ? undefined : readSmokeTestFile(inputs.smokeTestFile);
  const compiled = await compileSource(client, inputs.source, inputs, { abortSignal });
  for (const { message, place } of compiled.warnings)
    log.warning(
      `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}: ${message}`,
    );
  const request = await createRequest({
    ...compiled,
    client,
    wish: inputs.wish,
    smokeTestHash: smokeTest?.hash,
    onProgress: (progress) => showUpload(progress, log),
    abortSignal,
  });
  const evidence = compiled.model && (await findDeployEvidence(client, compiled.model, { abortSignal }));
  const setting = settingOf(services, compiled.endpointName, { request, smokeTest });
  return { inputs, services, compiled, request, setting, evidence };
}

function readSmokeTestFile(file: string): SmokeTest {
  const folder = path.dirname(file);
  return readSmokeTest(readFileSync(file, 'utf8'), {
    file: path.relative(process.cwd(), file),
    readNeighbour: (neighbour) => readFileSync(path.resolve(folder, neighbour)),
  });
}

function settingOf(
  services: DeployServices,
  endpointName: string,
  { request, smokeTest }: Pick<RolloutSetting, 'request' | 'smokeTest'>,
): RolloutSetting {
  return { ...services, endpointName, request, smokeTest, maskSecret };
}

function showUpload(progress: UploadProgress, log: TaskLog): void {
  if (progress.activity === 'done')
    log.info(`Sent ${progress.path} (${progress.filesTotal} files, ${progress.bytesTotal} bytes).`);
  else if (progress.activity === 'unchanged') log.info(`${progress.path} is unchanged; nothing was sent.`);
}

async function plan(prepared: Prepared): Promise<TaskOutcome> {
  const { inputs, services, request, setting, evidence, compiled } = prepared;
  if (inputs.evidence.level !== 'none') requireVerdict(requireModel(evidence));
  const planned = await planDeploy(setting, request);
  setOutput('endpointName', compiled.endpointName);
  setOutput('deploymentName', planned.deployment.name);
  setOutput('planHash', planned.planHash);
  showPlan(planned, services.log);
  const sealed = await keepPlan(prepared, planned);
  report(sealed, `Plan for ${compiled.endpointName}`);
  return { result: 'Succeeded', message: planWords(planned) };
}

async function keepPlan(
  { services, evidence, compiled }: Prepared,
  planned: Plan,
): Promise<SealedRecord | undefined> {
  const { client, now, abortSignal } = services;
  if (!evidence || !compiled.model) return undefined;
  const link = plannedLink(planned, compiled.model, evidence.record, buildOf(services.lineage));
  return keepLinks(client, evidence, { planned: link, at: now() }, { abortSignal });
}

function showPlan(planned: Plan, log: TaskLog): void {
  const { endpoint, deployment, before, steps, deletes } = planned;
  const line = ({ field, from, to }: Plan['endpoint']['fields'][number]): string =>
    `    ${field}: ${from ?? 'not set'} -> ${to ?? 'not set'}`;
  log.info(`Endpoint ${endpoint.name}: ${endpoint.change}`);
  for (const field of endpoint.fields) log.info(line(field));
  const compared =
    deployment.comparedWith && deployment.fields.length > 0
      ? `, compared with ${deployment.comparedWith}`
      : '';
  log.info(`Deployment ${deployment.name}: ${deployment.change}${compared}`);
  for (const field of deployment.fields) log.info(line(field));
  log.info(`Traffic now: ${wordsOfTraffic(before.live)}`);
  for (const [index, step] of steps.entries())
    log.info(`  step ${index + 1}: ${wordsOfTraffic(step.live)}${mirrorWords(step.mirror)}`);
  if (deletes.length > 0) log.info(`Deleted at the end: ${deletes.join(', ')}`);
  log.info(`Plan SHA-256: ${planned.planHash}`);
}

function mirrorWords(mirror: Readonly<Record<string, number>>): string {
  return Object.keys(mirror).length === 0 ? '' : `, mirror ${wordsOfTraffic(mirror)}`;
}

function planWords({ isDone, deployment, endpoint, after }: Plan): string {
  return isDone
    ? `Nothing to do: '${deployment.name}' of endpoint '${endpoint.name}' is live already.`
    : `Planned for endpoint '${endpoint.name}': ${deployment.change} '${deployment.name}', then ${wordsOfTraffic(after.live)}.`;
}

async function carryOut(prepared: Prepared): Promise<TaskOutcome> {
  const { services, request, setting, evidence: found } = prepared;
  const evidence = await checked(prepared);
  let opened: Opening | undefined;
  const inspect = async (opening: Opening): Promise<void> => {
    if (opening.is === 'fresh' || opening.is === 'resumed') requirePlan(prepared, opening);
    if (opening.is === 'fresh') showPlan(opening.plan, services.log);
    opened = opening;
    return Promise.resolve();
  };
  const planned = (): Plan | undefined => (opened?.is === 'fresh' ? opened.plan : undefined);
  try {
    const outcome = await deploy(setting, request, inspect);
    const sealed = await keepDeployed({ ...prepared, evidence: evidence ?? found }, outcome, planned());
    await setOutputs(prepared.inputs, services, { ...prepared.compiled, ...outcome });
    report(sealed, `Deployment to ${setting.endpointName}`);
    return { result: 'Succeeded', message: outcome.words };
  } catch (error) {
    if (!(error instanceof RolloutFailed)) throw error;
    const sealed = await keepFailure({ ...prepared, evidence: evidence ?? found }, error, planned());
    report(sealed, `Deployment to ${setting.endpointName}`);
    throw error.cause;
  }
}

/** What is required of the evidence, before anything is changed. */
async function checked({
  inputs,
  services,
  setting,
  evidence,
}: Prepared): Promise<DeployEvidence | undefined> {
  const { client, log, abortSignal } = services;
  const wanted = inputs.evidence;
  if (wanted.level === 'none') return evidence;
  const model = requireModel(evidence);
  if (wanted.level !== 'exact') {
    requireVerdict(model);
    return model;
  }
  const approved = await approvedEvidence(
    client,
    model,
    { evidenceHash: wanted.evidenceHash, planHash: wanted.planHash, endpointName: setting.endpointName },
    { abortSignal },
  );
  log.info('Comparing the bytes of every model file with those that were registered:');
  const onFile = ({ sha256, path: file }: { sha256: string; path: string }): void =>
    log.info(`  ${sha256}  ${file}`);
  await requireSameBytes(client, approved, { abortSignal, onFile });
  return approved;
}

function requirePlan({ inputs }: Prepared, opening: Extract<Opening, { is: 'fresh' | 'resumed' }>): void {
  if (inputs.evidence.level !== 'exact') return;
  const planHash = opening.is === 'fresh' ? opening.plan.planHash : opening.record.planHash;
  if (planHash === inputs.evidence.planHash) return;
  throw new Problem({
    code: 'evidence',
    message: `What would be done now (plan ${planHash}) is not what was approved (plan ${inputs.evidence.planHash}): the endpoint, the files or the inputs have changed since.`,
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

async function keepDeployed(
  prepared: Prepared,
  outcome: RolloutOutcome,
  planned: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const { services, evidence, setting } = prepared;
  if (!evidence) return undefined;
  const { planHash } = outcome;
  const isKnown = isRecorded(evidence.record, { endpointName: setting.endpointName, planHash });
  if (outcome.end === 'nothing-to-do' && isKnown)
    return keepLinks(
      services.client,
      evidence,
      { at: services.now() },
      { abortSignal: services.abortSignal },
    );
  return keep(prepared, { ...outcome, result: 'succeeded', reason: outcome.words }, planned);
}

/** A deploy that failed is told in the record, too, as far as storage can be reached. */
async function keepFailure(
  prepared: Prepared,
  failed: RolloutFailed,
  planned: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const result = failed.isUndone ? 'rolled-back' : 'failed';
  try {
    return await keep(prepared, { ...failed, result, reason: messageOf(failed.cause) }, planned);
  } catch (error) {
    prepared.services.log.warning(`The failure could not be added to the evidence: ${messageOf(error)}`);
    return undefined;
  }
}

async function keep(
  { services, evidence, compiled, setting }: Prepared,
  done: Pick<RolloutOutcome, 'journal' | 'deployment' | 'planHash'> &
    Pick<Deployed, 'result'> & { reason: string },
  planned: Plan | undefined,
): Promise<SealedRecord | undefined> {
  const { client, now, abortSignal } = services;
  if (!evidence || abortSignal.aborted) return undefined;
  const build = buildOf(services.lineage);
  const observed = await observe(client, setting.endpointName, { abortSignal });
  const previous = deployedOfTags(observed?.state.tags ?? {})?.previous;
  const before = previous && busiest(previous.live);
  const deployed: Deployed = {
    endpointName: setting.endpointName,
    deploymentName: done.deployment,
    action: 'deploy',
    model: evidence.model,
    planHash: done.planHash,
    approver: await approver(services),
    trafficChanges: done.journal.trafficChanges,
    probes: done.journal.allProbes,
    ...(before !== undefined && { previousDeployment: before }),
    ...(observed?.endpoint.scoringUri && { scoringUri: observed.endpoint.scoringUri }),
    result: done.result,
    reason: done.reason,
    build,
  };
  const link =
    planned && !planned.isDone && compiled.model
      ? plannedLink(planned, compiled.model, evidence.record, build)
      : undefined;
  return keepLinks(
    client,
    evidence,
    { ...(link && { planned: link }), deployed, at: now() },
    { abortSignal },
  );
}

/** Not knowing who approved is no failure: the job's token may not be allowed to read approvals. */
async function approver({ approvals, log }: DeployServices): Promise<Approver> {
  try {
    const all = await approvals();
    const last = all.at(-1);
    if (!last) return { known: false };
    const name = all.map((approval) => approval.name).join(', ');
    return {
      known: true,
      name,
      ...(last.at && { at: last.at }),
      ...(last.comment && { comment: last.comment }),
    };
  } catch (error) {
    log.debug(`Who approved is not known: ${messageOf(error)}`);
    return { known: false };
  }
}

async function turn(
  inputs: DeployInputs,
  services: DeployServices,
  act: (setting: RolloutSetting) => Promise<RolloutOutcome>,
): Promise<TaskOutcome> {
  const endpointName = inputs.endpointName ?? '';
  try {
    const outcome = await act(
      settingOf(services, endpointName, { request: undefined, smokeTest: undefined }),
    );
    await setOutputs(inputs, services, { ...outcome, endpointName });
    return { result: 'Succeeded', message: outcome.words };
  } catch (error) {
    throw error instanceof RolloutFailed ? error.cause : error;
  }
}

async function removeIt(inputs: DeployInputs, services: DeployServices): Promise<TaskOutcome> {
  const endpointName = inputs.endpointName ?? '';
  const setting = settingOf(services, endpointName, { request: undefined, smokeTest: undefined });
  const message = await remove(setting, inputs.deploymentName);
  setOutput('endpointName', endpointName);
  if (inputs.deploymentName !== undefined) setOutput('deploymentName', inputs.deploymentName);
  services.log.info(message);
  return { result: 'Succeeded', message };
}

/** The endpoint as it is now; the same after a run that had nothing to do. */
async function setOutputs(
  inputs: DeployInputs,
  { client, abortSignal }: DeployServices,
  done: { readonly endpointName: string; readonly deployment: string | object; readonly planHash: string },
): Promise<void> {
  const observed = await observe(client, done.endpointName, { abortSignal });
  setOutput('endpointName', done.endpointName);
  if (!observed) return;
  const { endpoint, state } = observed;
  const record = recordOfTags(state.tags);
  const previous = record?.before ?? deployedOfTags(state.tags)?.previous;
  setOutput('deploymentName', String(done.deployment));
  setOutput('scoringUri', endpoint.scoringUri ?? '');
  setOutput('previousDeployment', (previous && busiest(previous.live)) ?? '');
  setOutput('traffic', JSON.stringify(state.traffic.live));
  setOutput('planHash', done.planHash);
  if (inputs.outputEndpointKey) await setKey(client, endpoint, abortSignal);
}

async function setKey(
  client: AzureML,
  endpoint: Parameters<AzureML['endpoints']['scoringToken']>[0],
  abortSignal: AbortSignal,
): Promise<void> {
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

function buildOf({ pipeline, runId, runName, runUrl, reason, requestedFor }: Lineage): BuildLineage {
  const all = { pipeline, runId, runName, runUrl, reason, requestedFor };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
