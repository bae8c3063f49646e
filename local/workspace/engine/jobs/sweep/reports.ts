import { messageOf } from '../../../../../shared/problem/index.ts';
import type { RunDocument } from '../records/index.ts';
import type { JobTools } from '../tools.ts';
import { isToEnd, type Reports } from './earlyTermination.ts';
import type { SweepSpecification } from './specification.ts';

const LOOK_EVERY_IN_MS = 500;

export interface WatchedSweep {
  readonly specification: SweepSpecification;
  readonly tools: JobTools;
  readonly trials: readonly RunDocument[];
}

/** What a trial reported of the primary metric so far, turned so that more is better. */
export function reportsOf({ specification, tools }: WatchedSweep, trial: RunDocument): Reports {
  const sign = specification.maximize ? 1 : -1;
  const points = tools.records.metrics.history(trial.runId, specification.primaryMetric);
  return points.map(({ value }) => sign * value).filter((value) => !Number.isNaN(value));
}

/** Ends trials early while they run, by the sweep's policy; returns what ends the watch. */
export function watchTrials(sweep: WatchedSweep): () => void {
  const { termination } = sweep.specification;
  if (!termination) return () => undefined;
  const seen = new Map<string, number>();
  const look = (): void => {
    const all = sweep.trials.map((trial) => reportsOf(sweep, trial));
    sweep.trials.forEach((trial, index) => {
      const own = all[index] ?? [];
      // Several reports may have come since the last look; each is judged by itself.
      const counts = range((seen.get(trial.runId) ?? 0) + 1, own.length);
      seen.set(trial.runId, own.length);
      if (counts.some((count) => isToEnd(own.slice(0, count), all, termination)))
        sweep.tools.controls.get(trial.runId)?.abort();
    });
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      sweep.tools.context.log(`early termination: ${messageOf(error)}`);
    }
  }, LOOK_EVERY_IN_MS);
  return () => clearInterval(timer);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
