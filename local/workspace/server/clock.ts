import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Clock, ClockState, MovableClock } from '../context.ts';

/** The longest that Node's timers can be set to. */
const LONGEST_TIMER_IN_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal?.addEventListener('abort', done, { once: true });
      if (signal?.aborted) done();
    }),
};

/** What is kept of a clock: how far it is ahead of the machine's, or where it stands still. Milliseconds. */
interface Kept {
  readonly ahead: number;
  readonly frozenAt?: number;
}

/** A clock beside `base` that can be moved and stopped; `file` keeps where it is, so that a restart does not turn time back. */
export function movableClock(base: Clock, file: string): MovableClock {
  let kept = readKept(file);
  let moved = new AbortController();
  let turned = new AbortController();
  /** All that the clock was ever turned back: with it, time only grows. */
  let turnedBackInMs = 0;
  const time = () => kept.frozenAt ?? base.now().getTime() + kept.ahead;
  const passed = () => time() + turnedBackInMs;
  const state = (): ClockState => ({
    now: new Date(time()),
    aheadInMs: time() - base.now().getTime(),
    frozen: kept.frozenAt !== undefined,
  });
  return {
    now: () => new Date(time()),
    state,
    sleep: async (milliseconds, signal) => {
      const end = passed() + milliseconds;
      while (!signal?.aborted && passed() < end) {
        const left = kept.frozenAt === undefined ? end - passed() : LONGEST_TIMER_IN_MS;
        const either = signal ? AbortSignal.any([signal, moved.signal]) : moved.signal;
        await base.sleep(Math.min(left, LONGEST_TIMER_IN_MS), either);
      }
    },
    turnedBack: () => turned.signal,
    move: ({ to, frozen = kept.frozenAt !== undefined }) => {
      // Looked at once: between two looks a millisecond may pass.
      const machine = base.now().getTime();
      const at = to === 'machine' ? machine : (to?.getTime() ?? kept.frozenAt ?? machine + kept.ahead);
      const back = Math.max(0, (kept.frozenAt ?? machine + kept.ahead) - at);
      turnedBackInMs += back;
      kept = { ahead: at - machine, ...(frozen && { frozenAt: at }) };
      writeKept(file, kept);
      const sleepers = moved;
      moved = new AbortController();
      sleepers.abort();
      if (back > 0) {
        const lookers = turned;
        turned = new AbortController();
        lookers.abort();
      }
      return state();
    },
  };
}

function readKept(file: string): Kept {
  try {
    const { ahead, frozenAt } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>;
    return { ahead: ahead ?? 0, ...(frozenAt === undefined ? {} : { frozenAt }) };
  } catch {
    // Never moved: there is no file, or an older life was cut off before it was whole.
    return { ahead: 0 };
  }
}

function writeKept(file: string, kept: Kept): void {
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
