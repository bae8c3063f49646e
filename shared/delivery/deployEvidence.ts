import type { AzureML, ModelVersion } from '../azureml/index.ts';
import {
  addLink,
  EMPTY_RECORD,
  hasPassed,
  latest,
  type BuildLineage,
  type Deployed,
  type EvidenceRecord,
  type ModelReference,
  type Planned,
  type RecordedFile,
  type SealedRecord,
} from '../evidence/index.ts';
import { Problem } from '../problem/index.ts';
import type { Plan } from '../rollout/plan.ts';
import { lookUpModel } from './championModel.ts';
import { evidenceOfModel, keepOnModel } from './evidence.ts';
import { requireEvidence, writeEvidence } from './evidenceStore.ts';
import { hashStoredFiles } from './modelFiles.ts';
import { resolveModelSource } from './modelSource.ts';

interface AbortOption {
  readonly abortSignal: AbortSignal;
}

/** The model that is deployed, with the record that is carried on. */
export interface DeployEvidence {
  readonly model: ModelReference;
  /** undefined: not a registered version that this connection can read. */
  readonly version: ModelVersion | undefined;
  readonly record: EvidenceRecord;
}

/** Finds the model version and its record; a model of this workspace that does not exist is a Problem. */
export async function findDeployEvidence(
  client: AzureML,
  model: ModelReference,
  options: AbortOption,
): Promise<DeployEvidence> {
  const version = await lookUpModel(client, model, options);
  if (!version && model.name !== undefined && model.registry === undefined) throw noSuchModel(model);
  // Versions of a registry cannot be written to from a workspace, so their record is the workspace's own.
  const record =
    version && model.registry === undefined ? await recordOf(client, version, options) : EMPTY_RECORD;
  return { model, version, record };
}

async function recordOf(
  client: AzureML,
  version: ModelVersion,
  options: AbortOption,
): Promise<EvidenceRecord> {
  return (await evidenceOfModel(client, version, options)).record;
}

/** Refuses a model whose evaluation did not let it pass. */
export function requireVerdict({ record, model }: DeployEvidence): void {
  const passed = hasPassed(record);
  if (passed === true) return;
  const why =
    passed === false
      ? `its evaluation did not let it pass: ${latest(record, 'judged')?.content.reason ?? ''}`
      : 'it has no evidence of an evaluation';
  throw refused(
    `Model ${nameOf(model)} is not deployed, because ${why}`,
    'Evaluate it with EvaluateModel, or deploy another version.',
  );
}

/** The record an approver saw, read by its hash. It must be about this very model, and tell of this very plan. */
export async function approvedEvidence(
  client: AzureML,
  found: DeployEvidence,
  approved: { readonly evidenceHash: string; readonly planHash: string; readonly endpointName: string },
  options: AbortOption,
): Promise<DeployEvidence> {
  const { record } = await requireEvidence(client, approved.evidenceHash, options);
  const registered = latest(record, 'registered')?.content;
  const { name, version } = found.model;
  if (registered === undefined || registered.modelName !== name || registered.modelVersion !== version)
    throw refused(
      `The approved evidence ${approved.evidenceHash} is about ${registered ? `${registered.modelName}:${registered.modelVersion}` : 'no registered model'}, not about ${nameOf(found.model)}.`,
      'Deploy the model that was approved, or let this one be approved.',
    );
  const planned = latest(record, 'planned')?.content;
  if (planned?.planHash !== approved.planHash || planned.endpointName !== approved.endpointName)
    throw refused(
      `The approved evidence ${approved.evidenceHash} holds no plan ${approved.planHash} for endpoint '${approved.endpointName}'.`,
      'Give evidenceHash and planHash of one and the same plan step.',
    );
  requireVerdict({ ...found, record });
  return { ...found, record: isContinued(record, found.record) ? found.record : record };
}

/** Refuses when any byte of the model differs from what was registered. Files are streamed; nothing is written to disk. */
export async function requireSameBytes(
  client: AzureML,
  { version, record, model }: DeployEvidence,
  options: AbortOption & { readonly onFile: (file: RecordedFile) => void },
): Promise<void> {
  const registered = latest(record, 'registered')?.content;
  if (!version || !registered)
    throw refused(
      `The bytes of model ${nameOf(model)} are not on record.`,
      'Register it with RegisterModel.',
    );
  const source = await resolveModelSource(client, version.modelUri, options.abortSignal);
  if (source.kind !== 'stored')
    throw refused(`The files of model ${nameOf(model)} are out of reach.`, 'Register it from the workspace.');
  const files = await hashStoredFiles(client, source.place, options);
  const [expected, found] = [listOf(registered.files), listOf(files)];
  const changed = [...new Set([...expected.keys(), ...found.keys()])].filter(
    (path) => expected.get(path) !== found.get(path),
  );
  if (changed.length === 0) return;
  const shown = changed.slice(0, 5).map((path) => `'${path}'`);
  throw new Problem({
    code: 'model',
    message: `Model ${nameOf(model)} no longer holds the bytes that were registered: ${shown.join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}.`,
    next: 'Find out who may write to the storage of the workspace; register the model again from its job.',
  });
}

function listOf(files: readonly RecordedFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

/** Whether a record only adds to another one. */
function isContinued(before: EvidenceRecord, after: EvidenceRecord): boolean {
  return before.links.every((link, index) => JSON.stringify(link) === JSON.stringify(after.links[index]));
}

/** The planned link of a plan. */
export function plannedLink(plan: Plan, { model, record }: DeployEvidence, build: BuildLineage): Planned {
  const { endpoint, deployment, wish } = plan;
  const filesHash = latest(record, 'registered')?.content.filesHash;
  const part = (
    resource: 'endpoint' | 'deployment',
    { fields }: Pick<Plan['endpoint'], 'fields'>,
  ): Planned['diff'] =>
    fields.map(({ field, from, to }) => ({
      resource,
      field,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }));
  return {
    endpointName: endpoint.name,
    deploymentName: deployment.name,
    action: 'deploy',
    strategy: wish.strategy,
    model,
    ...(filesHash && { filesHash }),
    endpointChange: endpoint.change,
    deploymentChange: deployment.change,
    diff: [...part('endpoint', endpoint), ...part('deployment', deployment)],
    before: plan.before,
    steps: plan.steps,
    bakeTimeInMinutes: wish.bakeTimeInMinutes,
    deletes: plan.deletes,
    planHash: plan.planHash,
    build,
  };
}

/** Adds links to the record, stores it, and lets the model point to it. */
export async function keepLinks(
  client: AzureML,
  found: DeployEvidence,
  links: { readonly planned?: Planned; readonly deployed?: Deployed; readonly at: Date },
  options: AbortOption,
): Promise<SealedRecord> {
  const { planned, deployed, at } = links;
  const isNewPlan = planned && latest(found.record, 'planned')?.content.planHash !== planned.planHash;
  const withPlan = isNewPlan
    ? await addLink(found.record, { kind: 'planned', at, content: planned })
    : found.record;
  const record = deployed ? await addLink(withPlan, { kind: 'deployed', at, content: deployed }) : withPlan;
  const isOwn = found.version !== undefined && found.model.registry === undefined;
  return isOwn && found.version
    ? keepOnModel(client, found.version, record, options)
    : writeEvidence(client, record, options);
}

/** Whether the record tells already that this plan went live on this endpoint. */
export function isRecorded(
  record: EvidenceRecord,
  { endpointName, planHash }: { endpointName: string; planHash: string },
): boolean {
  return record.links.some(
    ({ kind, content }) =>
      kind === 'deployed' &&
      content.endpointName === endpointName &&
      content.planHash === planHash &&
      content.result === 'succeeded',
  );
}

function nameOf({ name, version, id }: ModelReference): string {
  return name !== undefined && version !== undefined ? `${name}:${version}` : id;
}

function noSuchModel(model: ModelReference): Problem {
  return new Problem({
    code: 'not-found',
    message: `The workspace has no model '${nameOf(model)}'.`,
    place: { input: 'model' },
    next: 'Check name and version, and that the service connection points at the right workspace.',
  });
}

function refused(message: string, next: string): Problem {
  return new Problem({ code: 'evidence', message, next });
}
