import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { isEnded, type AzureML, type Job, type JobStatus } from '../azureml/index.ts';
import type { Lineage, StepIdentity } from '../pipelines/index.ts';
import { Problem } from '../problem/index.ts';

/** The job property that holds the hash of the specification a job was submitted with. */
const SPECIFICATION_PROPERTY = 'delivery.specification';

type Json = Readonly<Record<string, unknown>>;

export interface Submission {
  /** The resolved resource: `{properties: {...}}`, every id and address in place. */
  readonly body: Json;
  readonly step: StepIdentity;
  readonly lineage: Lineage;
  /** First part of the job's name, such as the experiment; letters, digits, dashes. */
  readonly label: string;
  /** The user's own name for the job; replaces the made one. */
  readonly jobName: string | undefined;
  readonly abortSignal: AbortSignal;
}

export interface Submitted {
  readonly job: Job;
  /** An earlier attempt of this very step, still active or Completed, was found instead of submitting again. */
  readonly attached: boolean;
}

/**
 * Submits a job once. Its name is made from where the step stands and what is asked for, plus an attempt number: a
 * retry finds its own job again and attaches while that is active or Completed; after Failed or Canceled the next
 * attempt is started; a changed specification has another name, so it never attaches.
 */
export async function submitOnce(client: AzureML, submission: Submission): Promise<Submitted> {
  const specification = specificationHash(submission.body);
  const base = submission.jobName ?? `${label(submission.label)}-${stepHash(submission.step, specification)}`;
  const options = { abortSignal: submission.abortSignal };
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 && submission.jobName ? base : `${base}-${attempt}`;
    const found = await client.jobs.get(name, options);
    if (!found) return { job: await put(client, name, submission, specification), attached: false };
    refuseOtherSpecification(found, specification);
    if (!isLost(found.status)) return { job: found, attached: true };
  }
}

/** Never aborted half-way: a job whose answer was not awaited would run on unseen. The caller cancels it. */
async function put(
  client: AzureML,
  name: string,
  submission: Submission,
  specification: string,
): Promise<Job> {
  submission.abortSignal.throwIfAborted();
  return client.jobs.put(name, withLineage(submission, specification));
}

function isLost(status: JobStatus): boolean {
  return isEnded(status) ? status !== 'Completed' : status === 'CancelRequested';
}

function refuseOtherSpecification(found: Job, specification: string): void {
  if (found.properties[SPECIFICATION_PROPERTY] === specification) return;
  throw new Problem({
    code: 'conflict',
    message: `The workspace already has a job '${found.name}' with another specification.`,
    place: { input: 'jobName' },
    next: 'Choose another job name, or leave it empty so that one is made from the run and the specification.',
  });
}

/** Tags say where a job comes from, not what it does, so they are left out. */
function specificationHash(body: Json): string {
  const { tags: _tags, ...what } = (body['properties'] ?? {}) as Record<string, unknown>;
  return createHash('sha256')
    .update(canonicalize(what) ?? '')
    .digest('hex');
}

function stepHash(step: StepIdentity, specification: string): string {
  const where = [step.collection, step.project, step.run, step.stage, step.job, step.step, specification];
  return createHash('sha256').update(JSON.stringify(where)).digest('hex').slice(0, 16);
}

function label(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return clean || 'job';
}

function withLineage(submission: Submission, specification: string): Json {
  const properties = (submission.body['properties'] ?? {}) as Record<string, unknown>;
  const { lineage } = submission;
  return {
    ...submission.body,
    properties: {
      ...properties,
      tags: { ...lineageTags(lineage), ...(properties['tags'] as object | undefined) },
      properties: {
        ...(properties['properties'] as object | undefined),
        ...gitProperties(lineage),
        [SPECIFICATION_PROPERTY]: specification,
      },
    },
  };
}

/** Tags a person filters by in the studio. The user's own tags of the same name win. */
export function lineageTags(lineage: Lineage): Record<string, string> {
  return defined({
    'git.repository': lineage.repository,
    'git.commit': lineage.commit,
    'git.branch': lineage.branch,
    'pipeline.name': lineage.pipeline,
    'pipeline.run': lineage.runName,
    'pipeline.runId': lineage.runId,
    'pipeline.runUrl': lineage.runUrl,
  });
}

/** The properties the reference client writes, from which the studio links the commit. */
function gitProperties(lineage: Lineage): Record<string, string> {
  return defined({
    'mlflow.source.git.repoURL': lineage.repository,
    'mlflow.source.git.branch': lineage.branch?.replace(/^refs\/heads\//, ''),
    'mlflow.source.git.commit': lineage.commit,
    'azureml.git.build_id': lineage.runId,
    'azureml.git.build_uri': lineage.runUrl,
  });
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
