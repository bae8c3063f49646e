import {
  isEnded,
  type AzureML,
  type Job,
  type ModelType,
  type ModelVersion,
  type Registry,
} from '../../shared/azureml/index.ts';
import { evidenceOfJob, type FoundEvidence } from '../../shared/delivery/evidence.ts';
import { readEvidence, writeEvidence } from '../../shared/delivery/evidenceStore.ts';
import { hashFiles, sendFiles, sendInto, type Material } from '../../shared/delivery/modelMaterial.ts';
import { resolveModelSource, type ModelSource } from '../../shared/delivery/modelSource.ts';
import { FILES_PROPERTY, registerOnce } from '../../shared/delivery/registerModel.ts';
import { keepInRelease } from '../../shared/delivery/releaseVariables.ts';
import { lineageTags } from '../../shared/delivery/submitJob.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import {
  addLink,
  EMPTY_RECORD,
  evidenceHashIn,
  evidenceProperties,
  hashOfFiles,
  hasPassed,
  latest,
  type RecordedFile,
  verdictTags,
  type SealedRecord,
} from '../../shared/evidence/index.ts';
import {
  addAttachment,
  createTaskLog,
  EVIDENCE_ATTACHMENT,
  lineage,
  setOutput,
  type Lineage,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import { Problem } from '../../shared/problem/index.ts';
import type { RegisterInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface RegisterServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly lineage: Lineage;
  readonly now: () => Date;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: RegisterInputs, abortSignal: AbortSignal): RegisterServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'RegisterModel', log });
  return { client, log, lineage: lineage(), now: () => new Date(), abortSignal };
}

/** Registers a model, and lets the stages of a release know. */
export async function registerModel(
  inputs: RegisterInputs,
  services: RegisterServices,
): Promise<TaskOutcome> {
  const outcome = await registerFiles(inputs, services);
  await keepInRelease(inputs.releaseVariables, services);
  return outcome;
}

/** Finds the files and their evidence, and registers them once. */
async function registerFiles(inputs: RegisterInputs, services: RegisterServices): Promise<TaskOutcome> {
  const source = await resolveModelSource(services.client, inputs.source, services.abortSignal);
  const evidence = await findEvidence(inputs, source, services);
  const refusal = inputs.onlyIfPassed ? whyNotPassed(evidence) : undefined;
  if (refusal) return leaveUnregistered(inputs, refusal, services.log);
  const files = await hashFiles(source, services);
  if (files.length === 0) throw withoutFiles(inputs.source);
  const { model, created } = await register(inputs, { source, evidence, files }, services);
  return report(model, created, services);
}

async function findEvidence(
  inputs: RegisterInputs,
  source: ModelSource,
  services: RegisterServices,
): Promise<FoundEvidence | undefined> {
  const { client, abortSignal } = services;
  const jobName = inputs.candidate ?? (source.kind === 'stored' ? source.jobName : undefined);
  if (jobName === undefined) return undefined;
  const job = await client.jobs.get(jobName, { abortSignal });
  if (job && !isEnded(job.status)) throw stillRunning(job);
  if (job) return evidenceOfJob(client, job, { abortSignal });
  throw new Problem({
    code: 'not-found',
    message: `The workspace has no job '${jobName}'.`,
    place: { input: inputs.candidate === undefined ? 'source' : 'candidate' },
    next: 'Check the job name, and that the service connection points at the workspace it ran in.',
  });
}

/** undefined: the candidate passed. */
function whyNotPassed(evidence: FoundEvidence | undefined): string | undefined {
  if (!evidence) return 'there is no job whose evaluation could have passed; name it in the input candidate';
  switch (hasPassed(evidence.record)) {
    case true:
      return undefined;
    case false:
      return latest(evidence.record, 'judged')?.content.reason ?? 'its evaluation did not pass';
    case undefined:
      return 'it was never evaluated';
  }
}

function leaveUnregistered(inputs: RegisterInputs, reason: string, log: TaskLog): TaskOutcome {
  setOutput('modelName', inputs.modelName);
  setOutput('registered', 'false');
  const message = `Model ${inputs.modelName} was not registered: ${reason.replace(/\.$/, '')}.`;
  log.info(message);
  return { result: 'Succeeded', message };
}

async function register(
  inputs: RegisterInputs,
  material: Material,
  services: RegisterServices,
): Promise<{ model: ModelVersion; created: boolean }> {
  const filesHash = await hashOfFiles(material.files);
  const modelType = typeOf(inputs, material.files);
  let modelUri: string | undefined;
  const registry = registryOf(inputs, services.client);
  return registerOnce(registry?.models ?? services.client.models, {
    name: inputs.modelName,
    version: inputs.modelVersion,
    filesHash,
    abortSignal: services.abortSignal,
    async properties(version) {
      modelUri ??= registry
        ? await sendInto(registry, { modelName: inputs.modelName, version, material }, services)
        : await sendFiles(material, services);
      const linking = { inputs, material, version, filesHash, modelType, registry };
      const sealed = await linkRegistered(linking, services);
      return {
        modelUri,
        modelType,
        ...(inputs.description && { description: inputs.description }),
        tags: { ...lineageTags(services.lineage), ...verdictTags(sealed.record), ...inputs.tags },
        properties: {
          ...inputs.properties,
          ...jobProperty(material),
          [FILES_PROPERTY]: filesHash,
          ...evidenceProperties(sealed),
        },
      };
    },
  });
}

function jobProperty({ source }: Material): Record<string, string> {
  return source.kind === 'stored' && source.jobName ? { 'delivery.job': source.jobName } : {};
}

function registryOf(
  { registry, registryResourceGroup }: RegisterInputs,
  client: AzureML,
): Registry | undefined {
  return registry === undefined ? undefined : client.registry(registry, registryResourceGroup);
}

interface Linking {
  readonly inputs: RegisterInputs;
  readonly material: Material;
  readonly version: string;
  readonly filesHash: string;
  readonly modelType: ModelType;
  readonly registry: Registry | undefined;
}

async function linkRegistered(
  linking: Linking,
  { client, now, lineage: build, abortSignal }: RegisterServices,
): Promise<SealedRecord> {
  const { inputs, material, version, registry } = linking;
  const content = {
    modelName: inputs.modelName,
    modelVersion: version,
    modelId: `${registry?.id ?? client.workspaceId}/models/${inputs.modelName}/versions/${version}`,
    ...(registry && { registry: registry.name }),
    modelType: linking.modelType,
    source: inputs.source,
    files: material.files,
    filesHash: linking.filesHash,
    build: {
      ...(build.pipeline && { pipeline: build.pipeline }),
      ...(build.runId && { runId: build.runId }),
      ...(build.runName && { runName: build.runName }),
      ...(build.runUrl && { runUrl: build.runUrl }),
      ...(build.requestedFor && { requestedFor: build.requestedFor }),
    },
  };
  const record = await addLink(material.evidence?.record ?? EMPTY_RECORD, {
    kind: 'registered',
    at: now(),
    content,
  });
  return writeEvidence(client, record, { abortSignal });
}

function typeOf(inputs: RegisterInputs, files: readonly RecordedFile[]): ModelType {
  const isMlflow = files.some(({ path }) => path === 'MLmodel');
  if (inputs.modelType === 'auto') return isMlflow ? 'mlflow_model' : 'custom_model';
  if (inputs.modelType === 'mlflow_model' && !isMlflow) throw notMlflow(inputs.source);
  return inputs.modelType;
}

async function report(
  model: ModelVersion,
  created: boolean,
  { client, log, abortSignal }: RegisterServices,
): Promise<TaskOutcome> {
  setOutput('modelName', model.name);
  setOutput('modelVersion', model.version);
  setOutput('modelId', model.id);
  setOutput('registered', 'true');
  await reportEvidence(model, client, abortSignal);
  const message = created
    ? `Model ${model.name}:${model.version} is registered.`
    : `Model ${model.name}:${model.version} already holds these bytes; no other version was made.`;
  log.info(message);
  return { result: 'Succeeded', message };
}

async function reportEvidence(model: ModelVersion, client: AzureML, abortSignal: AbortSignal): Promise<void> {
  const hash = evidenceHashIn(model.tags) ?? evidenceHashIn(model.properties);
  if (!hash) return;
  setOutput('evidenceHash', hash);
  const found = await readEvidence(client, hash, { abortSignal });
  if (found) addAttachment(EVIDENCE_ATTACHMENT, `${hash}.json`, found.text);
}

function withoutFiles(source: string): Problem {
  return new Problem({
    code: 'model',
    message: `There are no files at '${source}'.`,
    place: { input: 'source' },
    next: 'Check that the job wrote its model there, and the spelling of output and path.',
  });
}

function stillRunning(job: Job): Problem {
  return new Problem({
    code: 'job',
    message: `Job '${job.name}' has not ended (${job.status}); its model may still change.`,
    next: 'Wait for the job, for example with waitForCompletion in TrainModel, and run the step again.',
  });
}

function notMlflow(source: string): Problem {
  return new Problem({
    code: 'model',
    message: `'${source}' holds no MLmodel file, so it is no MLflow model.`,
    place: { input: 'modelType' },
    next: "Name the folder that holds the MLmodel file in 'source', or register it as custom_model.",
  });
}
