import {
  isEnded,
  missingJob,
  waitFor,
  type AzureML,
  type Job,
  type JobStatus,
  type RunDetails,
} from '../azureml/index.ts';
import type { TaskLog } from '../pipelines/index.ts';
import { messageOf, Problem } from '../problem/index.ts';
import { createChildren } from './followChildren.ts';
import { createLogs } from './followLogs.ts';

export interface FollowOptions {
  readonly log: TaskLog;
  readonly streamLogs: boolean;
  /** 0: as long as it takes. */
  readonly timeoutInMinutes: number;
  readonly abortSignal: AbortSignal;
}

/** New lines reach the reader within one look and the service's own delay; short jobs are not waited for too long. */
const FIRST_INTERVAL_IN_MS = 500;
const LONGEST_INTERVAL_IN_MS = 2000;
/** The agent kills a cancelled task after about 10 s. */
const CANCEL_TIMEOUT_IN_MS = 6000;

/**
 * Follows a job to its end: state changes, live log lines, children with their progress. Returns the finished job.
 * Cancelling the task, or its timeout, cancels the job in the workspace first.
 */
export async function followJob(client: AzureML, job: Job, options: FollowOptions): Promise<Job> {
  const follower = createFollower(client, job, options);
  try {
    await waitFor(patiently(follower.look, job, options), {
      what: `Job '${job.name}'`,
      intervalInMs: growingInterval(),
      abortSignal: options.abortSignal,
      ...(options.timeoutInMinutes > 0 && { timeoutInMs: options.timeoutInMinutes * 60_000 }),
    });
  } catch (error) {
    if (options.abortSignal.aborted || isTimeout(error)) await cancelJob(client, job, options.log);
    throw error;
  }
  const ended = await client.jobs.get(job.name, { abortSignal: options.abortSignal });
  if (!ended) throw missingJob(job.name);
  return ended;
}

/** So long may the service be silent while a job runs; the job does not notice. */
const PATIENCE_IN_MS = 5 * 60_000;

/** A service that does not answer for a while ends the step only when it stays so. */
function patiently<T>(
  look: () => Promise<T | undefined>,
  job: Job,
  { log, abortSignal }: FollowOptions,
): () => Promise<T | undefined> {
  let silentSince: number | undefined;
  return async () => {
    try {
      const found = await look();
      silentSince = undefined;
      return found;
    } catch (error) {
      if (abortSignal.aborted || !mayPass(error)) throw error;
      if (silentSince === undefined)
        log.warning(`${messageOf(error)} Job '${job.name}' goes on; asking again.`);
      silentSince ??= performance.now();
      if (performance.now() - silentSince > PATIENCE_IN_MS) throw error;
      return undefined;
    }
  };
}

function mayPass(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'network' || error.code === 'service');
}

function growingInterval(): () => number {
  let interval = FIRST_INTERVAL_IN_MS / 1.25;
  return () => (interval = Math.min(interval * 1.25, LONGEST_INTERVAL_IN_MS));
}

/** Asks the workspace to cancel and says what came of it; never throws, since it runs while something else went wrong. */
export async function cancelJob(client: AzureML, job: Job, log: TaskLog): Promise<void> {
  try {
    await client.jobs.beginCancel(job.name, { timeoutInMs: CANCEL_TIMEOUT_IN_MS });
    log.info(`Cancelling job '${job.name}' in the workspace was asked for.`);
  } catch (error) {
    log.warning(`Job '${job.name}' could not be cancelled and may still run: ${messageOf(error)}`);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Problem && error.code === 'timeout';
}

interface Follower {
  /** The final status once there is one. */
  look(): Promise<JobStatus | undefined>;
}

function createFollower(client: AzureML, job: Job, options: FollowOptions): Follower {
  const { log, abortSignal } = options;
  const status = createStatusLines(job, log);
  const logs = createLogs(client, options);
  const children = createChildren(client, job, log);
  const warned = new Set<string>();

  const showWarnings = (details: RunDetails): void => {
    for (const warning of details.warnings.filter((text) => !warned.has(text))) {
      warned.add(warning);
      log.warning(warning);
    }
  };
  return {
    async look() {
      const details = await client.runs.details(job.name, { abortSignal });
      status.show(details.status);
      showWarnings(details);
      if (options.streamLogs) await logs.show(details);
      await children.look(abortSignal);
      if (details.status === 'Paused') throw paused(job);
      return isEnded(details.status) ? details.status : undefined;
    },
  };
}

/** A job that says nothing for this long is mentioned again, so that nobody thinks the step hangs. */
const REMINDER_IN_MS = 5 * 60_000;

/** One line per change of the status, and a reminder while nothing changes. */
function createStatusLines(job: Job, log: TaskLog): { show(status: JobStatus): void } {
  const started = performance.now();
  let shown: JobStatus | undefined;
  let saidAt = started;
  return {
    show(status) {
      const now = performance.now();
      if (status === shown && now - saidAt < REMINDER_IN_MS) return;
      shown = status;
      saidAt = now;
      log.info(`Job ${job.name}: ${status} (after ${elapsed(now - started)})`);
    },
  };
}

function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function paused(job: Job): Problem {
  return new Problem({
    code: 'job',
    message: `Job '${job.name}' was paused in the workspace.`,
    next: 'Resume it in the studio and run this step again; it attaches to the job.',
  });
}
