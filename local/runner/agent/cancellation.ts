import type { AgentJob } from './request.ts';

/** Why and how a job's work is being ended early. */
export interface Cancellation {
  /** Aborts when the job is cancelled, by a person or by its time limit. */
  readonly requested: AbortSignal;
  /** Aborts when nothing may run any longer. */
  readonly kill: AbortSignal;
  dispose(): void;
}

/** A job is cancelled from outside or by its own time limit; what then still runs has the cancel timeout left. */
export function watchCancellation(job: AgentJob): Cancellation {
  const { clock } = job.host;
  const over = new AbortController();
  const timedOut = new AbortController();
  const outOfPatience = new AbortController();
  const requested = AbortSignal.any([job.cancel, timedOut.signal]);

  const limit = async (): Promise<void> => {
    await clock.sleep(job.timeoutInMinutes * 60_000, over.signal);
    if (over.signal.aborted || requested.aborted) return;
    const message = `The job '${job.displayName}' ran longer than its limit of ${job.timeoutInMinutes} minutes.`;
    job.traces.issue({ type: 'error', message });
    timedOut.abort();
  };
  const loseNoTime = async (): Promise<void> => {
    await clock.sleep(job.cancelTimeoutInMinutes * 60_000, over.signal);
    if (!over.signal.aborted) outOfPatience.abort();
  };
  if (job.timeoutInMinutes > 0) void limit();
  requested.addEventListener('abort', () => void loseNoTime(), { once: true });
  if (requested.aborted) void loseNoTime();
  return { requested, kill: AbortSignal.any([job.kill, outOfPatience.signal]), dispose: () => over.abort() };
}
