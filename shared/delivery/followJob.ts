import {
  isEnded,
  missingJob,
  waitFor,
  type AzureML,
  type Job,
  type JobStatus,
  type LogReader,
  type RunDetails,
} from '../azureml/index.ts';
import type { TaskLog } from '../pipelines/index.ts';
import { Problem } from '../problem/index.ts';

export interface FollowOptions {
  readonly log: TaskLog;
  readonly streamLogs: boolean;
  /** 0: as long as it takes. */
  readonly timeoutInMinutes: number;
  readonly abortSignal: AbortSignal;
  readonly pollIntervalInMs?: number;
}

/** New lines reach the reader within one look and the service's own delay. */
const POLL_INTERVAL_IN_MS = 2000;
/** The agent kills a cancelled task after about 10 s. */
const CANCEL_TIMEOUT_IN_MS = 6000;

/**
 * Follows a job to its end: state changes, live log lines, children with their progress. Returns the finished job.
 * Cancelling the task, or its timeout, cancels the job in the workspace first.
 */
export async function followJob(client: AzureML, job: Job, options: FollowOptions): Promise<Job> {
  const follower = createFollower(client, job, options);
  try {
    await waitFor(follower.look, {
      what: `Job '${job.name}'`,
      intervalInMs: options.pollIntervalInMs ?? POLL_INTERVAL_IN_MS,
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

/** Asks the workspace to cancel and says what came of it; never throws, since it runs while something else went wrong. */
export async function cancelJob(client: AzureML, job: Job, log: TaskLog): Promise<void> {
  try {
    await client.jobs.beginCancel(job.name, { timeoutInMs: CANCEL_TIMEOUT_IN_MS });
    log.info(`Cancelling job '${job.name}' in the workspace was asked for.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warning(`Job '${job.name}' could not be cancelled and may still run: ${reason}`);
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
  const readers = new Map<string, LogReader>();
  const children = createChildren(client, job, log);
  const warned = new Set<string>();
  let shown: JobStatus | undefined;

  const showStatus = (details: RunDetails): void => {
    if (details.status === shown) return;
    shown = details.status;
    log.info(`Job ${job.name}: ${details.status}`);
  };
  const showLogs = async (details: RunDetails, atEnd: boolean): Promise<void> => {
    for (const path of logPaths(Object.keys(details.logFiles))) {
      const reader = readers.get(path) ?? client.newLogReader();
      readers.set(path, reader);
      const lines = await reader.read(details.logFiles[path]!, { atEnd, abortSignal });
      for (const line of lines) log.info(line);
    }
  };
  const showWarnings = (details: RunDetails): void => {
    for (const warning of details.warnings.filter((text) => !warned.has(text))) {
      warned.add(warning);
      log.warning(warning);
    }
  };
  return {
    async look() {
      const details = await client.runs.details(job.name, { abortSignal });
      const atEnd = isEnded(details.status);
      showStatus(details);
      showWarnings(details);
      if (options.streamLogs) await showLogs(details, atEnd);
      await children.look(abortSignal);
      if (details.status === 'Paused') throw paused(job);
      return atEnd ? details.status : undefined;
    },
  };
}

/** Children of sweeps and pipelines: each state change is a line, and their number gives the percentage. */
function createChildren(
  client: AzureML,
  job: Job,
  log: TaskLog,
): { look(abortSignal: AbortSignal): Promise<void> } {
  const shown = new Map<string, JobStatus>();
  const expected = expectedChildren(job);
  const hasChildren = expected > 0;
  return {
    async look(abortSignal) {
      if (!hasChildren) return;
      for await (const child of client.runs.children(job.name, { abortSignal })) {
        if (shown.get(child.runId) === child.status) continue;
        shown.set(child.runId, child.status);
        log.info(`  ${child.displayName} (${child.runId}): ${child.status}`);
      }
      const ended = [...shown.values()].filter(isEnded).length;
      if (ended > 0)
        log.progress(
          (100 * ended) / Math.max(expected, shown.size),
          `${ended} of ${Math.max(expected, shown.size)} child jobs ended`,
        );
    },
  };
}

function expectedChildren(job: Job): number {
  const properties = (job.raw['properties'] ?? {}) as Record<string, unknown>;
  if (job.jobType === 'Pipeline')
    return Math.max(1, Object.keys((properties['jobs'] as object | undefined) ?? {}).length);
  if (job.jobType !== 'Sweep' && job.jobType !== 'AutoML') return 0;
  const limits = (properties['limits'] ?? {}) as Record<string, unknown>;
  return typeof limits['maxTotalTrials'] === 'number' ? limits['maxTotalTrials'] : 1;
}

/** The files the reference client streams: the user's output of each process, else the service's older names. */
function logPaths(paths: readonly string[]): readonly string[] {
  const choose = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path)).sort();
  const user = choose(/^user_logs\/std_log\D*0*(?:_ps)?\.txt$/);
  if (user.length > 0) return user;
  const older = choose(/^azureml-logs\/(?:\d+.*|hyperdrive)\.txt$/);
  return older.length > 0 ? older : choose(/^logs\/azureml\/executionlogs\.txt$/);
}

function paused(job: Job): Problem {
  return new Problem({
    code: 'job',
    message: `Job '${job.name}' was paused in the workspace.`,
    next: 'Resume it in the studio and run this step again; it attaches to the job.',
  });
}
