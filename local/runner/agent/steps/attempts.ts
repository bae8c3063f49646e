import { wordsFor } from '../../../../shared/problem/index.ts';
import { writeDebug } from '../commands/reports.ts';
import type { Clock } from '../clock.ts';
import type { ProcessEnd } from '../process/run.ts';
import { mergeResults, type TaskResult } from '../results.ts';
import type { StepState } from '../state.ts';
import type { Attempt, StepSignals } from './step.ts';

interface Limits {
  readonly clock: Clock;
  /** 0 means no limit; covers all attempts together. */
  readonly timeoutInMinutes: number;
  readonly retries: number;
}

/** `retryCountOnTaskFailure` goes no higher than this. */
const MOST_RETRIES = 10;
/** How an out-of-memory kill looks from outside: 128 + SIGKILL. */
const KILLED = 137;

/** Runs a step's attempts until one does not fail, the retries are used up, or time or the user ends it. */
export async function runAttempts(
  attempt: Attempt,
  step: StepState,
  signals: StepSignals,
  limits: Limits,
): Promise<TaskResult> {
  const timer = startTimer(limits);
  const both = { ...signals, cancel: AbortSignal.any([signals.cancel, timer.expired]) };
  try {
    const result = await attemptUntilDone(attempt, step, both, limits);
    if (signals.cancel.aborted || signals.kill.aborted) {
      step.sink.issue({ type: 'error', message: 'The step was canceled.' });
      return 'Canceled';
    }
    if (timer.expired.aborted) {
      step.sink.issue({
        type: 'error',
        message: `The step ran longer than its ${limits.timeoutInMinutes} minutes.`,
      });
      return 'Failed';
    }
    // A failed logging command is not forgiven by a later attempt.
    return step.commandFailed ? mergeResults(result, 'Failed') : result;
  } finally {
    timer.stop();
  }
}

async function attemptUntilDone(
  attempt: Attempt,
  step: StepState,
  signals: StepSignals,
  { clock, retries }: Limits,
): Promise<TaskResult> {
  const most = Math.min(retries, MOST_RETRIES);
  if (retries > MOST_RETRIES) {
    step.sink.issue({
      type: 'warning',
      message: `A failed step is tried again at most ${MOST_RETRIES} times.`,
    });
  }
  for (let tries = 1; ; tries++) {
    step.result = undefined;
    const result = await attemptOnce(attempt, step, signals);
    if (result !== 'Failed' || tries > most || signals.cancel.aborted) return result;
    const seconds = tries ** 2;
    step.sink.issue({
      type: 'warning',
      message: `Attempt ${tries} failed; the next one starts in ${seconds} s (retry ${tries} of ${most}).`,
    });
    await clock.sleep(seconds * 1000, AbortSignal.any([signals.cancel, signals.kill]));
    if (signals.cancel.aborted || signals.kill.aborted) return 'Canceled';
    step.done = new AbortController();
  }
}

async function attemptOnce(attempt: Attempt, step: StepState, signals: StepSignals): Promise<TaskResult> {
  try {
    const end = await attempt(signals);
    // However a process ends that was told to end, it is not its own failure.
    return signals.cancel.aborted || signals.kill.aborted ? 'Failed' : judge(end, step);
  } catch (error) {
    step.sink.issue({ type: 'error', message: wordsFor(error).join('\n') });
    if (error instanceof Error && error.stack) writeDebug(error.stack, step);
    return 'Failed';
  }
}

/** A bad exit fails the step whatever it said before; a good one without a word is a success. */
function judge(end: ProcessEnd, step: StepState): TaskResult {
  if (end.kind === 'exit' && end.code === 0) return step.result ?? 'Succeeded';
  if (end.kind === 'left') return step.result ?? 'Succeeded';
  step.sink.issue({ type: 'error', message: describe(end) });
  return 'Failed';
}

function describe(end: Exclude<ProcessEnd, { kind: 'left' }>): string {
  if (end.kind === 'signal') return `The process was ended by ${end.signal}.`;
  const hint = end.code === KILLED ? ' It may have run out of memory.' : '';
  return `The process ended with exit code ${end.code}.${hint}`;
}

function startTimer({ clock, timeoutInMinutes }: Limits): { expired: AbortSignal; stop(): void } {
  const expired = new AbortController();
  const stopped = new AbortController();
  const wait = async (): Promise<void> => {
    await clock.sleep(timeoutInMinutes * 60_000, stopped.signal);
    if (!stopped.signal.aborted) expired.abort();
  };
  if (timeoutInMinutes > 0) void wait();
  return { expired: expired.signal, stop: () => stopped.abort() };
}
