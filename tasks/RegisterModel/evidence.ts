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
import type { Material } from '../../shared/delivery/modelMaterial.ts';
import type { ModelSource } from '../../shared/delivery/modelSource.ts';
import {
  addLink,
  EMPTY_RECORD,
  evidenceHashIn,
  hasPassed,
  latest,
  type SealedRecord,
} from '../../shared/evidence/index.ts';
import {
  addAttachment,
  EVIDENCE_ATTACHMENT,
  setOutput,
  type Lineage,
  type TaskLog,
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

/** What is known of the model so far, by the job that made it; undefined where no job is named. */
export async function findEvidence(
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

/** Why a candidate did not pass; undefined when it did. */
export function whyNotPassed(evidence: FoundEvidence | undefined): string | undefined {
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

interface Linking {
  readonly inputs: RegisterInputs;
  readonly material: Material;
  readonly version: string;
  readonly filesHash: string;
  readonly modelType: ModelType;
  readonly registry: Registry | undefined;
}

/** Adds to the evidence that the model was registered, and keeps it. */
export async function linkRegistered(
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

/** Attaches the evidence of a registered model to the run. */
export async function reportEvidence(
  model: ModelVersion,
  client: AzureML,
  abortSignal: AbortSignal,
): Promise<void> {
  const hash = evidenceHashIn(model.tags) ?? evidenceHashIn(model.properties);
  if (!hash) return;
  setOutput('evidenceHash', hash);
  const found = await readEvidence(client, hash, { abortSignal });
  if (found) addAttachment(EVIDENCE_ATTACHMENT, `${hash}.json`, found.text);
}

function stillRunning(job: Job): Problem {
  return new Problem({
    code: 'job',
    message: `Job '${job.name}' has not ended (${job.status}); its model may still change.`,
    next: 'Wait for the job, for example with waitForCompletion in TrainModel, and run the step again.',
  });
}
