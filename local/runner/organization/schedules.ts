import type { Clock } from '../agent/clock.ts';
import type { ReleasePlan } from '../release/plan.ts';
import { nextTime } from '../release/schedule.ts';

interface Following {
  readonly plans: readonly ReleasePlan[];
  readonly clock: Clock;
  /** Makes a release of a definition, whose time has come. */
  readonly create: (definitionId: number) => Promise<unknown>;
  readonly failed: (error: unknown) => void;
}

/** Makes releases at the times their definitions name; returns what ends it. */
export function followSchedules(following: Following): () => void {
  const ending = new AbortController();
  for (const plan of following.plans) void follow(plan, following, ending.signal);
  return () => ending.abort();
}

async function follow(
  { id, schedules }: ReleasePlan,
  { clock, create, failed }: Following,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const now = clock.now();
    const next = nextTime(schedules, now);
    if (next === undefined) return;
    await clock.sleep(next.getTime() - now.getTime(), signal);
    if (signal.aborted) return;
    await create(id).catch(failed);
  }
}
