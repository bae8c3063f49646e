import type { AzureML, Job, RunDetails } from '../azureml/index.ts';
import { bestChildOf } from './bestChild.ts';
import { recordMetrics, type RecordedData, type SourceLineage, type Trained } from '../evidence/index.ts';

type Json = Readonly<Record<string, unknown>>;

const DATA_TYPES = ['uri_file', 'uri_folder', 'mltable', 'custom_model', 'mlflow_model', 'triton_model'];

/**
 * How a job came about, read from the service alone: whichever task asks, and however often, the answer is the same.
 * The job has ended.
 */
export async function trainedBy(
  client: AzureML,
  job: Job,
  options: { readonly abortSignal: AbortSignal },
): Promise<{ at: Date; content: Trained }> {
  const [details, data, code] = await Promise.all([
    client.runs.details(job.name, options),
    measuredBy(client, job, options),
    codeOf(client, job, options),
  ]);
  const properties = record(job.raw['properties']);
  const environment = text(properties['environmentId']) ?? text(record(properties['trial'])['environmentId']);
  return {
    at: endOf(details),
    content: {
      jobName: job.name,
      ...(job.studioUrl && { jobUrl: job.studioUrl }),
      jobType: job.jobType,
      ...(job.experimentName && { experimentName: job.experimentName }),
      workspaceId: client.workspaceId,
      status: job.status,
      ...(details.startTime && { startedAt: details.startTime }),
      ...(details.endTime && { endedAt: details.endTime }),
      ...unlessEmpty('source', sourceOf(job.properties)),
      ...unlessEmpty('build', buildOf(job)),
      data: dataOf({ ...tablesOf(record(properties['taskDetails'])), ...record(properties['inputs']) }),
      ...(environment && { environment }),
      ...(code && { code }),
      parameters: { ...literalsOf(record(properties['inputs'])), ...data.params },
      metrics: recordMetrics(data.metrics),
    },
  };
}

/** Metrics and parameters: of the best trial of a sweep or of AutoML; of a pipeline also those of its steps, where only one step has them. */
export async function measuredBy(
  client: AzureML,
  job: Job,
  options: { readonly abortSignal: AbortSignal },
): Promise<{ metrics: Record<string, number>; params: Record<string, string> }> {
  const { metrics, params } = await client.runs.data(bestChildOf(job) ?? job.name, options);
  if (job.jobType !== 'Pipeline') return { metrics: { ...metrics }, params: { ...params } };
  const steps: Readonly<Record<string, number>>[] = [];
  for await (const child of client.runs.children(job.name, options)) {
    steps.push((await client.runs.data(child.runId, options)).metrics);
  }
  return { metrics: { ...onlyOnce(steps), ...metrics }, params: { ...params } };
}

/** A name that two steps use says nothing about the pipeline. */
function onlyOnce(steps: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all = steps.flatMap((metrics) => Object.entries(metrics));
  return Object.fromEntries(all.filter(([name]) => all.filter(([other]) => other === name).length === 1));
}

async function codeOf(
  client: AzureML,
  job: Job,
  options: { readonly abortSignal: AbortSignal },
): Promise<Trained['code']> {
  const properties = record(job.raw['properties']);
  const id = text(properties['codeId']) ?? text(record(properties['trial'])['codeId']);
  if (id === undefined || !id.startsWith('/')) return id === undefined ? undefined : { id };
  const answer = await client.arm.send('Reading the code version of the job', 'GET', id, undefined, {
    ...options,
    allow: [403, 404],
  });
  const sha256 = text(record(record(record(answer.body)['properties'])['properties'])['hash_sha256']);
  return { id, ...(sha256 && { sha256 }) };
}

/** AutoML has no inputs but tables for training, validation and test. */
function tablesOf(task: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = ['trainingData', 'validationData', 'testData'];
  return Object.fromEntries(names.flatMap((name) => (task[name] ? [[name, task[name]]] : [])));
}

function endOf(details: RunDetails): Date {
  const time = Date.parse(details.endTime ?? details.startTime ?? '');
  return new Date(Number.isNaN(time) ? 0 : time);
}

/** Names as the reference client writes them (azure-ai-ml, git properties). */
function sourceOf(properties: Readonly<Record<string, string>>): SourceLineage {
  const dirty = properties['azureml.git.dirty'];
  return present({
    repository: properties['mlflow.source.git.repoURL'],
    branch: properties['mlflow.source.git.branch'],
    commit: properties['mlflow.source.git.commit'],
    dirty: dirty === undefined ? undefined : dirty.toLowerCase() === 'true',
  });
}

function buildOf({ tags, properties }: Job): NonNullable<Trained['build']> {
  return present({
    pipeline: tags['pipeline.name'],
    runId: properties['azureml.git.build_id'],
    runName: tags['pipeline.run'],
    runUrl: tags['pipeline.runUrl'] ?? properties['azureml.git.build_uri'],
  });
}

function dataOf(inputs: Json): RecordedData[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const input = record(value);
    const type = text(input['jobInputType']);
    const uri = text(input['uri']);
    if (type === undefined || uri === undefined || !DATA_TYPES.includes(type.toLowerCase())) return [];
    return [{ name, uri, type }];
  });
}

function literalsOf(inputs: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => {
      const literal = text(record(value)['value']);
      return record(value)['jobInputType'] === 'literal' && literal !== undefined ? [[name, literal]] : [];
    }),
  );
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unlessEmpty<K extends string, T extends object>(key: K, value: T): { [P in K]?: T } {
  return Object.keys(value).length > 0 ? ({ [key]: value } as { [P in K]?: T }) : {};
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
