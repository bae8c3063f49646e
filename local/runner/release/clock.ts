import { systemClock, type Clock } from '../agent/clock.ts';

/** A clock that may run ahead of the real one while a release only waits. */
export interface ReleaseClock extends Clock {
  /** How far this clock is ahead of the real one. */
  readonly aheadInMs: number;
  /** One strand of a release: while any strand does anything but `sleep` or `wait`, time passes as it really does. */
  strand<T>(work: () => Promise<T>): Promise<T>;
  /** Within a strand: waits for other strands, which is no work of its own. */
  wait<T>(others: () => Promise<T>): Promise<T>;
}

/** Real time. `aheadInMs`: where a clock that once ran ahead has got to. */
export function steadyClock(aheadInMs = 0, real: Clock = systemClock): ReleaseClock {
  return {
    aheadInMs,
    now: () => new Date(real.now().getTime() + aheadInMs),
    sleep: (ms, signal) => real.sleep(ms, signal),
    strand: (work) => work(),
    wait: (others) => others(),
  };
}

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/** Leaps to the next moment something is due as soon as every strand waits. */
export function leapingClock(startsAheadInMs = 0, real: Clock = systemClock): ReleaseClock {
  const sleepers = new Set<Sleeper>();
  let ahead = startsAheadInMs;
  let working = 0;
  const now = (): number => real.now().getTime() + ahead;
  const leap = (): void => {
    if (working > 0 || sleepers.size === 0) return;
    const next = Math.min(...[...sleepers].map(({ due }) => due));
    ahead += Math.max(0, next - now());
    for (const sleeper of [...sleepers].filter(({ due }) => due <= next)) sleeper.wake();
  };
  const rest = async <T>(until: () => Promise<T>): Promise<T> => {
    working--;
    // What was just woken or started has its turn first.
    setImmediate(leap);
    try {
      return await until();
    } finally {
      working++;
    }
  };
  return {
    get aheadInMs() {
      return ahead;
    },
    now: () => new Date(now()),
    sleep: (ms, signal) => (signal?.aborted ? Promise.resolve() : rest(() => nap(ms, signal))),
    async strand(work) {
      working++;
      try {
        return await work();
      } finally {
        working--;
        setImmediate(leap);
      }
    },
    wait: rest,
  };

  /** Ends by a leap, by the signal, or when the time has really passed. */
  async function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const sleeper = { due: now() + ms, wake: () => leave() };
    const leave = (): void => {
      sleepers.delete(sleeper);
      woken.abort();
    };
    sleepers.add(sleeper);
    signal?.addEventListener('abort', leave, { once: true });
    await real.sleep(Math.max(0, ms), woken.signal);
    signal?.removeEventListener('abort', leave);
    sleepers.delete(sleeper);
  }
}
