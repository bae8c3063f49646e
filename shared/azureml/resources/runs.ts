import type { Arm, RequestOptions } from '../connect/arm.ts';
import { list, number, numbers, record, text, texts, type Json } from '../connect/parse.ts';
import { statusOf, type JobStatus } from './jobs.ts';
import type { Workspaces } from './workspaces.ts';

/** What run history tells about a job while it runs. */
export interface RunDetails {
  readonly status: JobStatus;
  /** Path in the run -> address with its own signature. */
  readonly logFiles: Readonly<Record<string, string>>;
  readonly error: { readonly code?: string; readonly message?: string } | undefined;
  readonly warnings: readonly string[];
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ChildRun {
  readonly runId: string;
  readonly displayName: string;
  readonly status: JobStatus;
}

/** Metrics, parameters and tags as MLflow keeps them; a metric's value is its last one. */
export interface RunData {
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Run history, MLflow tracking and run artifacts: the workspace's data plane. */
export interface Runs {
  details(job: string, options?: RequestOptions): Promise<RunDetails>;
  children(job: string, options?: RequestOptions): AsyncIterable<ChildRun>;
  data(job: string, options?: RequestOptions): Promise<RunData>;
  /** Paths of the run's artifacts below a folder ('' for all). */
  artifacts(job: string, folder: string, options?: RequestOptions): Promise<readonly string[]>;
  /** A signed address of one artifact. */
  artifactUrl(job: string, path: string, options?: RequestOptions): Promise<string>;
}

export function createRuns(arm: Arm, workspaceId: string, workspaces: Workspaces): Runs {
  const history = async (): Promise<string> =>
    `${await workspaces.dataPlaneUrl()}/history/v1.0${workspaceId}`;
  const runPath = async (job: string): Promise<string> =>
    `${await history()}/runs/${encodeURIComponent(job)}`;
  const artifactPath = async (job: string): Promise<string> =>
    `${await workspaces.dataPlaneUrl()}/artifact/v2.0${workspaceId}/artifacts/ExperimentRun/dcid.${encodeURIComponent(job)}`;
  return {
    async details(job, options) {
      const url = `${await runPath(job)}/details`;
      return parseDetails((await arm.sendTo(`Reading run '${job}'`, 'GET', url, undefined, options)).body);
    },
    async *children(job, options) {
      const first = `${await runPath(job)}/children`;
      for (let url: string | undefined = first; url;) {
        const body: Json = record(
          (await arm.sendTo(`Listing the children of run '${job}'`, 'GET', url, undefined, options)).body,
        );
        yield* list(body['value']).map(parseChild);
        url = nextPage(first, body);
      }
    },
    async data(job, options) {
      const base = `${await workspaces.dataPlaneUrl()}/mlflow/v2.0${workspaceId}/api/2.0/mlflow`;
      const url = `${base}/runs/get?run_id=${encodeURIComponent(job)}`;
      return parseData(
        (await arm.sendTo(`Reading the metrics of run '${job}'`, 'GET', url, undefined, options)).body,
      );
    },
    async artifacts(job, folder, options) {
      const base = await artifactPath(job);
      const paths: string[] = [];
      const first = `${base}${folder ? `?path=${encodeURIComponent(folder)}` : ''}`;
      for (let url: string | undefined = first; url;) {
        const body: Json = record(
          (await arm.sendTo(`Listing the artifacts of run '${job}'`, 'GET', url, undefined, options)).body,
        );
        paths.push(...list(body['value']).flatMap((item) => text(record(item)['path']) ?? []));
        url = nextPage(first, body);
      }
      return folder ? paths.filter((path) => path === folder || path.startsWith(`${folder}/`)) : paths;
    },
    async artifactUrl(job, path, options) {
      const url = `${await artifactPath(job)}/contentinfo?path=${encodeURIComponent(path)}`;
      const answer = await arm.sendTo(
        `Reading artifact '${path}' of run '${job}'`,
        'GET',
        url,
        undefined,
        options,
      );
      return text(record(answer.body)['contentUri']) ?? '';
    },
  };
}

function nextPage(first: string, body: Json): string | undefined {
  const next = text(body['nextLink']);
  const token = text(body['continuationToken']);
  if (next) return next;
  return token && `${first}${first.includes('?') ? '&' : '?'}continuationtoken=${encodeURIComponent(token)}`;
}

function parseDetails(body: unknown): RunDetails {
  const run = record(body);
  const error = record(record(run['error'])['error']);
  const code = text(error['code']);
  const message = text(error['message']);
  return {
    status: statusOf(run['status']),
    logFiles: texts(run['logFiles']),
    error: code || message ? { ...(code && { code }), ...(message && { message }) } : undefined,
    warnings: list(run['warnings']).flatMap((warning) => text(record(warning)['message']) ?? []),
    startTime: text(run['startTimeUtc']),
    endTime: text(run['endTimeUtc']),
    properties: texts(run['properties']),
  };
}

function parseChild(item: unknown): ChildRun {
  const run = record(item);
  const runId = text(run['runId']) ?? '';
  return { runId, displayName: text(run['displayName']) ?? runId, status: statusOf(run['status']) };
}

function parseData(body: unknown): RunData {
  const data = record(record(record(body)['run'])['data']);
  const pairs = (value: unknown): [string, unknown][] =>
    list(value).map((item) => [text(record(item)['key']) ?? '', record(item)['value']]);
  const metrics = pairs(data['metrics']).map(([key, value]) => [key, metricValue(value)] as const);
  return {
    metrics: numbers(Object.fromEntries(metrics)),
    params: texts(Object.fromEntries(pairs(data['params']))),
    tags: texts(Object.fromEntries(pairs(data['tags']))),
  };
}

/** MLflow's JSON writes the values JSON lacks as text. */
function metricValue(value: unknown): number | undefined {
  switch (value) {
    case 'NaN':
      return NaN;
    case 'Infinity':
      return Infinity;
    case '-Infinity':
      return -Infinity;
    default:
      return number(value);
  }
}
