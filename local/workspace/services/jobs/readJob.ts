import { jobsBody } from '../../rules/jobs.ts';
import { checkShape } from '../../rules/shape.ts';
import { defined, isObject, type Json, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { readAutoML } from './readAutoML.ts';
import { readCommand } from './readCommand.ts';
import { readNotifications, type ReadNotifications } from './readNotifications.ts';
import { readPipeline } from './readPipeline.ts';
import { readSpark } from './readSpark.ts';
import { readSweep } from './readSweep.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/;
const TYPES = ['Command', 'Sweep', 'Pipeline', 'AutoML', 'Spark'] as const;
export type JobType = (typeof TYPES)[number];

const DEFAULT_EXPERIMENT = 'Default';
/** Members that only the service writes; clients send them back unchanged, and they are ignored. */
const READ_ONLY = ['status', 'provisioningState', 'parentJobName', 'startTime', 'endTime', 'error'];
/** Kept in the run, where MLflow and run history can change them. */
const OF_THE_RUN = ['displayName', 'description', 'tags', 'properties', 'experimentName', 'isArchived'];
const OWN_SERVICES = ['Studio', 'Tracking'];

/** A job body, read: what never changes, and what does. */
export interface ReadJob {
  readonly jobType: JobType;
  readonly properties: Json;
  readonly experimentName: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly ownProperties: Readonly<Record<string, string>>;
  readonly isArchived: boolean;
  readonly notifications?: ReadNotifications;
}

/** Names of jobs are ids of runs and folders on disk. */
export function checkJobName(name: string): string {
  if (NAME.test(name)) return name;
  throw userError(
    `The job name '${name}' is not valid. It must start with a letter or digit, have at most 255 characters, and contain only letters, digits, dashes and underscores.`,
  );
}

/** Reads a job body; what the service refuses is refused with the member's name. */
export function readJob(body: Json): ReadJob {
  const job = jobIn(body);
  checkShape(jobsBody, { properties: body });
  return job;
}

function jobIn(body: Json): ReadJob {
  const members = new Members(body);
  const jobType = members.needed('jobType', members.word('jobType', TYPES));
  const description = members.text('description');
  const displayName = members.text('displayName');
  const notifications = readNotifications(members.object('notificationSetting'));
  return {
    jobType,
    properties: {
      ...kept(body),
      ...readByType(jobType, members),
      ...(notifications ? { notificationSetting: notifications.shown } : {}),
      jobType,
    },
    experimentName: members.text('experimentName') ?? DEFAULT_EXPERIMENT,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    tags: members.texts('tags') ?? {},
    ownProperties: members.texts('properties') ?? {},
    isArchived: members.flag('isArchived') ?? false,
    ...(notifications ? { notifications } : {}),
  };
}

function readByType(jobType: JobType, members: Members): Json {
  members.text('computeId');
  members.object('identity');
  switch (jobType) {
    case 'Command':
      return readCommand(members);
    case 'Sweep':
      return readSweep(members);
    case 'Pipeline':
      return readPipeline(members);
    case 'AutoML':
      return readAutoML(members);
    case 'Spark':
      return readSpark(members);
  }
}

/** Everything a client may say about a job, without nulls. */
function kept(body: Json): Json {
  const entries = Object.entries(body).filter(
    ([name, value]) => value !== null && !READ_ONLY.includes(name) && !OF_THE_RUN.includes(name),
  );
  const { services, outputs, ...rest } = Object.fromEntries(entries);
  return defined({
    ...rest,
    services: isObject(services) ? withoutKeys(services, OWN_SERVICES) : undefined,
    outputs: isObject(outputs) ? withoutKeys(outputs, ['default']) : undefined,
  });
}

function withoutKeys(object: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
