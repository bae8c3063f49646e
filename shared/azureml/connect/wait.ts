import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../problem/index.ts';

export interface WaitOptions {
  readonly abortSignal?: AbortSignal;
  /** Between two looks; a number, or what the last look said (Retry-After). */
  readonly intervalInMs: number | (() => number);
  readonly timeoutInMs?: number;
  /** For the timeout's message: "Waiting for deployment 'blue'". */
  readonly what: string;
}

/** The one waiting loop: looks, and looks again after the interval, until `look` gives something. */
export async function waitFor<T>(look: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const started = performance.now();
  for (;;) {
    options.abortSignal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (options.timeoutInMs !== undefined && performance.now() - started > options.timeoutInMs)
      throw timeout(options);
    const interval = typeof options.intervalInMs === 'number' ? options.intervalInMs : options.intervalInMs();
    await pause(interval, options.abortSignal);
  }
}

/** Sleeps, and throws the signal's reason when it is aborted. */
export async function pause(milliseconds: number, abortSignal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, abortSignal ? { signal: abortSignal } : {});
  } catch (error) {
    abortSignal?.throwIfAborted();
    throw error;
  }
}

function timeout(options: WaitOptions): Problem {
  const minutes = Math.round((options.timeoutInMs ?? 0) / 6000) / 10;
  return new Problem({
    code: 'timeout',
    message: `${options.what} took longer than ${minutes} minutes.`,
    next: 'Look at it in the studio, or allow more time.',
  });
}
