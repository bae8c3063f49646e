import { isDeepStrictEqual } from 'node:util';
import type { WorkspaceContext } from '../../context.ts';
import { outputUri } from '../../engine/jobs/index.ts';
import type { JobDocument, Records, RunDocument } from '../../engine/jobs/records/index.ts';
import { outputsOf } from '../../engine/jobs/specification.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { ReadJob } from './readJob.ts';
import { mergedNotifications, type ReadNotifications } from './readNotifications.ts';

/** What a later write may change. */
export interface JobChange {
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly isArchived?: boolean;
  readonly notifications?: ReadNotifications;
}

/** A second PUT: what never changes must be as it was, or absent. */
export function changeByPut(job: JobDocument, run: RunDocument, wanted: ReadJob): JobChange {
  for (const [member, value] of Object.entries(wanted.properties)) {
    if (!isSame(value, job.properties[member]) && !isSame(value, asShown(job, run, member)))
      throw cannotChange(job.name, member);
  }
  if (wanted.experimentName !== run.experimentName && wanted.experimentName !== 'Default')
    throw cannotChange(job.name, 'experimentName');
  const { displayName, description, tags, ownProperties, isArchived } = wanted;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    tags,
    properties: ownProperties,
    isArchived,
  };
}

/** Stores a change; properties are only added to. */
export async function applyChange(
  { clock, store }: WorkspaceContext,
  records: Records,
  name: string,
  change: JobChange,
  by: string,
): Promise<void> {
  const now = clock.now();
  const known = records.runs.get(name)?.properties ?? {};
  const changed = Object.entries(change.properties ?? {}).find(
    ([key, value]) => key in known && known[key] !== value,
  );
  if (changed)
    throw userError(
      `The property '${changed[0]}' of the job '${name}' cannot be changed; properties can only be added.`,
    );
  await store.transaction(() => {
    void records.runs.update(name, now, (run) => ({
      ...run,
      displayName: change.displayName ?? run.displayName,
      ...(change.description === undefined ? {} : { description: change.description }),
      tags: change.tags ?? run.tags,
      properties: { ...run.properties, ...change.properties },
    }));
    void records.jobs.update(name, (job) => ({
      ...job,
      isArchived: change.isArchived ?? job.isArchived,
      properties: change.notifications
        ? withNotifications(job.properties, change.notifications)
        : job.properties,
      modifiedAt: now.toISOString(),
      modifiedBy: by,
    }));
  });
}

function withNotifications(properties: Json, notifications: ReadNotifications): Json {
  const notificationSetting = mergedNotifications(properties['notificationSetting'], notifications);
  return { ...properties, notificationSetting };
}

/** Clients send back what a GET showed them, with outputs filled in. */
function asShown(job: JobDocument, run: RunDocument, member: string): unknown {
  if (member !== 'outputs') return undefined;
  const owner = run.properties['best_child_run_id'] ?? job.name;
  const own = isObject(job.properties['outputs']) ? job.properties['outputs'] : {};
  const filled = Object.entries(outputsOf(own)).map(([name, output]) => {
    const members = isObject(own[name]) ? own[name] : {};
    return [name, { mode: 'ReadWriteMount', ...members, uri: outputUri(owner, name, output) }];
  });
  return Object.fromEntries(filled);
}

/** Null, absent and empty are the same to the service. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(bare(one), bare(other));
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value ?? undefined;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, bare(member)]);
  const full: Json = Object.fromEntries(entries.filter(([, member]) => member !== undefined));
  return Object.keys(full).length === 0 ? undefined : full;
}

function cannotChange(name: string, member: string): Error {
  return userError(
    `A job with the name '${name}' already exists and its '${member}' cannot be changed. Only description, tags, displayName, properties and isArchived can be. Use another name for a new job.`,
  );
}
