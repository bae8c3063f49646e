import { setTimeout as delay } from 'node:timers/promises';

/** Time as the runner sees it; tests bring one that runs faster. */
export interface Clock {
  now(): Date;
  /** Resolves after that many milliseconds, or as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Timers beyond this many milliseconds overflow and fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    if (signal?.aborted) return;
    const timer = delay(Math.min(ms, LONGEST_TIMER), undefined, signal ? { signal } : {});
    await timer.catch(() => undefined);
  },
};
