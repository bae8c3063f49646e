import { AUTOML_VERSION } from '../yaml/apiVersions.ts';
import { Problem } from '../../problem/index.ts';
import type { Arm, RequestOptions } from '../connect/arm.ts';
import { record, text, texts, type Json } from '../connect/parse.ts';

export type JobStatus =
  | 'NotStarted'
  | 'Starting'
  | 'Provisioning'
  | 'Preparing'
  | 'Queued'
  | 'Running'
  | 'Finalizing'
  | 'Scheduled'
  | 'CancelRequested'
  | 'Completed'
  | 'Failed'
  | 'Canceled'
  | 'NotResponding'
  | 'Paused'
  | 'Unknown';

const STATUSES: readonly JobStatus[] = [
  'NotStarted',
  'Starting',
  'Provisioning',
  'Preparing',
  'Queued',
  'Running',
  'Finalizing',
  'Scheduled',
  'CancelRequested',
  'Completed',
  'Failed',
  'Canceled',
  'NotResponding',
  'Paused',
  'Unknown',
];

/** A job as the service keeps it. */
export interface Job {
  readonly name: string;
  readonly id: string;
  readonly status: JobStatus;
  readonly jobType: string;
  readonly displayName: string;
  readonly experimentName: string | undefined;
  /** Link to the studio. */
  readonly studioUrl: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** Named outputs with their type and, when the service tells it, their address. */
  readonly outputs: Readonly<Record<string, { type: string; uri: string | undefined }>>;
  /** The whole body, to be sent back on an update. */
  readonly raw: Json;
}

export interface Jobs {
  /** undefined where there is no such job. */
  get(name: string, options?: RequestOptions): Promise<Job | undefined>;
  /** Creates the job, or replaces what may be changed of it; `body` is the whole resource. */
  put(name: string, body: Json, options?: RequestOptions): Promise<Job>;
  /** Asks the service to cancel; does not wait for the end. A job that has ended already is left as it is. */
  beginCancel(name: string, options?: RequestOptions): Promise<void>;
  /** Adds tags to a job. The API has no PATCH for tags: the job is read and written back. */
  addTags(name: string, tags: Readonly<Record<string, string>>, options?: RequestOptions): Promise<Job>;
}

export function isEnded(status: JobStatus): boolean {
  return ['Completed', 'Failed', 'Canceled', 'NotResponding'].includes(status);
}

export function createJobs(arm: Arm, workspaceId: string): Jobs {
  const path = (name: string): string => `${workspaceId}/jobs/${encodeURIComponent(name)}`;
  const write = async (what: string, name: string, body: Json, options?: RequestOptions): Promise<Job> =>
    parseJob((await arm.send(what, 'PUT', `${path(name)}${versionFor(body)}`, body, options)).body);
  const read = async (name: string, version: string, options?: RequestOptions): Promise<Job | undefined> => {
    const answer = await arm.send(`Reading job '${name}'`, 'GET', `${path(name)}${version}`, undefined, {
      ...options,
      allow: [404],
    });
    return answer.status === 404 ? undefined : parseJob(answer.body);
  };
  const jobs: Jobs = {
    get: (name, options) => read(name, '', options),
    async put(name, body, options) {
      return write(`Submitting job '${name}'`, name, body, options);
    },
    async beginCancel(name, options) {
      await arm.send(`Cancelling job '${name}'`, 'POST', `${path(name)}/cancel`, undefined, options);
    },
    async addTags(name, tags, options) {
      const found = await jobs.get(name, options);
      const version = found ? versionFor(found.raw) : '';
      // What is written back must be read by a version that knows all of it.
      const job = version === '' ? found : await read(name, version, options);
      if (!job) throw missingJob(name);
      const properties = { ...writableParts(job), tags: { ...job.tags, ...tags } };
      return write(`Tagging job '${name}'`, name, { properties }, options);
    },
  };
  return jobs;
}

/** The stable api-version drops members of AutoML jobs (apiVersions.ts); '' for the version of everything else. */
function versionFor(body: Json): string {
  return record(body['properties'])['jobType'] === 'AutoML' ? `?api-version=${AUTOML_VERSION}` : '';
}

/** What was read, without what only the service writes: its state, its own links, and members that are null. */
function writableParts(job: Job): Json {
  const { status: _status, parameters: _parameters, services, ...rest } = record(job.raw['properties']);
  const { Studio: _studio, Tracking: _tracking, ...own } = record(services);
  return record(withoutNulls({ ...rest, ...(Object.keys(own).length > 0 && { services: own }) }));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

export function missingJob(name: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `The workspace has no job '${name}'.`,
    next: 'Check the job name, and that the service connection points at the workspace it ran in.',
  });
}

function parseJob(body: unknown): Job {
  const raw = record(body);
  const properties = record(raw['properties']);
  const name = text(raw['name']) ?? '';
  return {
    name,
    id: text(raw['id']) ?? '',
    status: statusOf(properties['status']),
    jobType: text(properties['jobType']) ?? 'Command',
    displayName: text(properties['displayName']) ?? name,
    experimentName: text(properties['experimentName']),
    studioUrl: text(record(record(properties['services'])['Studio'])['endpoint']),
    tags: texts(properties['tags']),
    properties: texts(properties['properties']),
    outputs: Object.fromEntries(
      Object.entries(record(properties['outputs'])).map(([key, value]) => [
        key,
        { type: text(record(value)['jobOutputType']) ?? 'uri_folder', uri: text(record(value)['uri']) },
      ]),
    ),
    raw,
  };
}

export function statusOf(value: unknown): JobStatus {
  return STATUSES.find((status) => status === value) ?? 'Unknown';
}
