import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import { systemClock } from '../../agent/clock.ts';
import type { RunRecord } from '../../record/model.ts';
import { readJson } from '../../record/save.ts';
import type { ReleaseOptions } from '../options.ts';
import type { ReleasePlan } from '../plan.ts';
import { dueAt, nextTime } from '../schedule.ts';
import { isReleaseRecord } from '../state.ts';
import type { ArtifactVersion } from '../versions.ts';

/** How far the clock of a release that its schedule makes is ahead: the time until then is leapt over, or really waited for. */
export async function waitForSchedule(options: ReleaseOptions): Promise<number> {
  const { plan, clock = systemClock, virtualClock, interrupts } = options;
  const now = clock.now();
  const next = nextTime(plan.schedules, now);
  if (next === undefined)
    throw new Problem({
      code: 'input',
      message: `The definition '${plan.name}' has no schedule.`,
      next: 'Leave --scheduled out, or schedule releases in the definition.',
    });
  const wait = next.getTime() - now.getTime();
  if (virtualClock) return wait;
  await clock.sleep(wait, interrupts?.cancel);
  if (interrupts?.cancel.aborted)
    throw new Problem({ code: 'cancelled', message: 'The release was cancelled before its time came.' });
  return 0;
}

/** A schedule that asks for changes makes no release of the versions the last one took. */
export function checkChanges(
  plan: ReleasePlan,
  artifacts: readonly ArtifactVersion[],
  at: Date,
  runsFolder: string,
): void {
  const due = dueAt(plan.schedules, withoutMilliseconds(at));
  if (due.length === 0 || due.some((one) => !one.onlyWithChanges)) return;
  const last = lastRelease(plan, runsFolder);
  const before = new Map(last?.release?.artifacts.map(({ alias, version }) => [alias, version]));
  if (!last || artifacts.some(({ alias, name }) => before.get(alias) !== name)) return;
  throw new Problem({
    code: 'conflict',
    message: `Nothing has changed since ${last.name}: the schedule makes releases only with changes.`,
    next: 'Run the definition without --scheduled to make one all the same.',
  });
}

/** A little time passes between the moment and the making of the release. */
function withoutMilliseconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 60_000) * 60_000);
}

function lastRelease({ id }: ReleasePlan, runsFolder: string): RunRecord | undefined {
  const names = existsSync(runsFolder) ? readdirSync(runsFolder) : [];
  return (
    names
      .filter((name) => /^\d+$/.test(name) && isReleaseRecord(path.join(runsFolder, name)))
      // Written by this program, in this version of its format.
      .map((name) => readJson(path.join(runsFolder, name, 'run.json')) as RunRecord)
      .filter(({ release }) => release?.definitionId === id)
      .sort((one, other) => other.id - one.id)[0]
  );
}
