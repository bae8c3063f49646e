import { isEnded, missingJob, waitFor, type AzureML, type Job, type ModelVersion } from '../azureml/index.ts';
import {
  addLink,
  type EvidenceRecord,
  type LinkContents,
  type ModelReference,
  type SealedRecord,
} from '../evidence/index.ts';
import type { TaskLog } from '../pipelines/index.ts';
import { Problem } from '../problem/index.ts';
import { requireModel } from './champion.ts';
import { referenceTo } from './championModel.ts';
import { evidenceOfJob, evidenceOfModel, keepOnJob, keepOnModel } from './evidence.ts';
import { requireCompleted } from './jobOutcome.ts';
import { measurementIn, measurementOn, type Measurement } from './measure.ts';

/** The model being judged: what a job left behind, or a version that is registered already. */
export type Candidate =
  { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'model'; readonly model: ModelVersion };

interface FindOptions {
  readonly log: TaskLog;
  /** For a job that still runs; 0: as long as it takes. */
  readonly timeoutInMinutes: number;
  readonly abortSignal: AbortSignal;
}

const POLL_INTERVAL_IN_MS = 2000;

/** Finds what the user named: `<job>`, `<model>:<version>` or `<model>@latest`. A job that still runs is waited for. */
export async function findCandidate(client: AzureML, name: string, options: FindOptions): Promise<Candidate> {
  const [, model, version] = /^(?:azureml:)?([^:@/]+)[:@]([^:@/]+)$/.exec(name) ?? [];
  if (model !== undefined && version !== undefined) {
    if (name.includes('@') && version !== 'latest') throw unknownLabel(name);
    return {
      kind: 'model',
      model: await requireModel(client, { name: model, version, input: 'candidate' }, options),
    };
  }
  const job = await endedJob(client, name, options);
  await requireCompleted(client, job, options.abortSignal);
  return { kind: 'job', job };
}

async function endedJob(client: AzureML, name: string, options: FindOptions): Promise<Job> {
  const { log, timeoutInMinutes, abortSignal } = options;
  let shown: string | undefined;
  const look = async (): Promise<Job | undefined> => {
    const job = await client.jobs.get(name, { abortSignal });
    if (!job) throw missingJob(name);
    if (isEnded(job.status)) return job;
    if (job.status !== shown) log.info(`Waiting for job ${name}: ${job.status}`);
    shown = job.status;
    return undefined;
  };
  return waitFor(look, {
    what: `Waiting for job '${name}'`,
    intervalInMs: POLL_INTERVAL_IN_MS,
    abortSignal,
    ...(timeoutInMinutes > 0 && { timeoutInMs: timeoutInMinutes * 60_000 }),
  });
}

/** The candidate's record so far and its numbers. */
export async function evidenceOfCandidate(
  client: AzureML,
  candidate: Candidate,
  options: { readonly abortSignal: AbortSignal },
): Promise<{ record: EvidenceRecord; measurement: Measurement }> {
  const found =
    candidate.kind === 'job'
      ? await evidenceOfJob(client, candidate.job, options)
      : await evidenceOfModel(client, candidate.model, options);
  const measured = measurementIn(found);
  const isUnknown = measured.origin === 'none' && candidate.kind === 'model';
  return { record: found.record, measurement: isUnknown ? measurementOn(candidate.model) : measured };
}

/** Adds the judged link to the candidate's record, stores it, and lets job or model point to it. */
export async function recordJudgement(
  client: AzureML,
  candidate: Candidate,
  judged: { readonly record: EvidenceRecord; readonly content: LinkContents['judged'] },
  options: { readonly abortSignal: AbortSignal },
): Promise<SealedRecord> {
  const record = await addLink(judged.record, { kind: 'judged', at: new Date(), content: judged.content });
  return candidate.kind === 'job'
    ? keepOnJob(client, candidate.job, record, options)
    : keepOnModel(client, candidate.model, record, options);
}

export function candidateReference(candidate: Candidate): { jobName?: string; model?: ModelReference } {
  if (candidate.kind === 'job') return { jobName: candidate.job.name };
  const { jobName } = candidate.model;
  return { model: referenceTo(candidate.model), ...(jobName && { jobName }) };
}

function unknownLabel(name: string): Problem {
  return new Problem({
    code: 'input',
    message: `'${name}' uses a label the service does not know.`,
    place: { input: 'candidate' },
    next: 'Write <model>:<version> or <model>@latest.',
  });
}
