import type { AzureML, Job, ModelVersion } from '../azureml/index.ts';
import {
  addLink,
  approvalTags,
  EMPTY_RECORD,
  evidenceProperties,
  latest,
  verdictTags,
  type EvidenceRecord,
  type SealedRecord,
} from '../evidence/index.ts';
import { Problem } from '../problem/index.ts';
import { evidenceHashOf, pointJobTo, readEvidence, writeEvidence } from './evidenceStore.ts';
import { trainedBy } from './evidenceTrained.ts';

interface AbortOption {
  readonly abortSignal: AbortSignal;
}

/** A record and how it was come by: read from storage, made from the job just now, or empty. */
export interface FoundEvidence {
  readonly record: EvidenceRecord;
  readonly origin: 'evidence' | 'job' | 'none';
  /** The stored record's hash. */
  readonly hash?: string;
}

/** The record a job points to; without one, a record with the trained link, made from what the service knows. The job has ended. */
export async function evidenceOfJob(client: AzureML, job: Job, options: AbortOption): Promise<FoundEvidence> {
  const stored = await pointedTo(client, job, options);
  if (stored) {
    const about = latest(stored.record, 'trained')?.content.jobName;
    if (about !== job.name) throw aboutSomethingElse(`Job '${job.name}'`, stored.hash, about);
    return { record: stored.record, origin: 'evidence', hash: stored.hash };
  }
  const trained = await trainedBy(client, job, options);
  return { record: await addLink(EMPTY_RECORD, { kind: 'trained', ...trained }), origin: 'job' };
}

/** The record a model version points to; without one, that of the job that made it; without a job, an empty one. */
export async function evidenceOfModel(
  client: AzureML,
  model: ModelVersion,
  options: AbortOption,
): Promise<FoundEvidence> {
  const stored = await pointedTo(client, model, options);
  if (stored) {
    const about = latest(stored.record, 'registered')?.content;
    const isAbout =
      about === undefined || (about.modelName === model.name && about.modelVersion === model.version);
    const subject = `Model '${model.name}:${model.version}'`;
    if (!isAbout) throw aboutSomethingElse(subject, stored.hash, `${about.modelName}:${about.modelVersion}`);
    return { record: stored.record, origin: 'evidence', hash: stored.hash };
  }
  // The service knows the job by the model's address alone; RegisterModel also writes it down.
  const jobName = model.jobName ?? model.properties['delivery.job'];
  const job = jobName === undefined ? undefined : await client.jobs.get(jobName, options);
  return job ? evidenceOfJob(client, job, options) : { record: EMPTY_RECORD, origin: 'none' };
}

/** Writes the trained link of a job that has ended, unless it has one, and lets the job point to it. */
export async function recordTraining(client: AzureML, job: Job, options: AbortOption): Promise<SealedRecord> {
  const { record } = await evidenceOfJob(client, job, options);
  return keepOnJob(client, job, record, options);
}

/** Stores a record and lets the job point to it. */
export async function keepOnJob(
  client: AzureML,
  job: Job,
  record: EvidenceRecord,
  options: AbortOption,
): Promise<SealedRecord> {
  const sealed = await writeEvidence(client, record, options);
  if (evidenceHashOf(job) !== sealed.hash) await pointJobTo(client, job.name, sealed, options);
  return sealed;
}

/**
 * Stores a record and lets the model version point to it: by properties, which the service keeps as they were first
 * written; by tags when they already name an older record.
 */
export async function keepOnModel(
  client: AzureML,
  model: ModelVersion,
  record: EvidenceRecord,
  options: AbortOption,
): Promise<SealedRecord> {
  const sealed = await writeEvidence(client, record, options);
  if (evidenceHashOf(model) === sealed.hash) return sealed;
  const pointers = evidenceProperties(sealed);
  const told = approvalTags(record);
  const isFirst = evidenceHashOf(model) === undefined;
  await client.models.update(
    model,
    isFirst
      ? { properties: pointers, tags: { ...verdictTags(record), ...told } }
      : { tags: { ...pointers, ...verdictTags(record), ...told } },
    options,
  );
  return sealed;
}

async function pointedTo(
  client: AzureML,
  resource: Job | ModelVersion,
  options: AbortOption,
): Promise<SealedRecord | undefined> {
  const hash = evidenceHashOf(resource);
  return hash === undefined ? undefined : readEvidence(client, hash, options);
}

function aboutSomethingElse(subject: string, hash: string, about: string | undefined): Problem {
  return new Problem({
    code: 'evidence',
    message: `${subject} points to the evidence ${hash}, which is about ${about ?? 'no job'}.`,
    next: 'Take the delivery.* tags off it and judge it again; find out who changed them.',
  });
}
