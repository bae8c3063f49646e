import { randomUUID } from 'node:crypto';
import type { Collection, Store } from '../../../store/store.ts';
import type { MetricPoint } from './run.ts';
import type { Runs } from './runs.ts';

const SEPARATOR = '\n';

export interface NamedPoint extends MetricPoint {
  readonly key: string;
}

/** What a client logs to a run in one call. */
export interface LogBatch {
  readonly metrics?: readonly NamedPoint[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The history of every metric of every run; the run itself holds the latest points. */
export class Metrics {
  readonly #store: Store;
  readonly #points: Collection<readonly MetricPoint[]>;
  readonly #runs: Runs;
  readonly #writer = randomUUID();
  #sequence = 0;

  constructor(store: Store, runs: Runs) {
    this.#store = store;
    this.#points = store.collection('metricPoints');
    this.#runs = runs;
  }

  /** Stores a batch, the histories and what the run shows, as one. */
  async log(runId: string, batch: LogBatch, now: Date): Promise<void> {
    const groups = groupByKey(batch.metrics ?? []);
    await this.#store.transaction(() => {
      for (const [key, points] of groups)
        void this.#points.put([runId, key, this.#next()].join(SEPARATOR), points);
      void this.#runs.update(runId, now, (run) => ({
        ...run,
        metrics: withLatest(run.metrics, groups),
        params: { ...run.params, ...batch.params },
        tags: { ...run.tags, ...batch.tags },
      }));
    });
  }

  /** Every point of one metric, in the order it was logged. */
  history(runId: string, key: string): MetricPoint[] {
    const prefix = `${[runId, key].join(SEPARATOR)}${SEPARATOR}`;
    return [...this.#points.list({ prefix })].flatMap(([, points]) => points);
  }

  /** Sorts by the machine's time, which nobody stops or turns back, then by order within this writer; no place is used twice. */
  #next(): string {
    this.#sequence += 1;
    const time = String(Date.now()).padStart(15, '0');
    return `${time}-${String(this.#sequence).padStart(9, '0')}-${this.#writer}`;
  }
}

function groupByKey(points: readonly NamedPoint[]): Map<string, MetricPoint[]> {
  const groups = new Map<string, MetricPoint[]>();
  for (const { key, ...point } of points) {
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return groups;
}

/** MLflow's rule: the highest step wins, then the latest time, then the highest value. */
function withLatest(
  current: Readonly<Record<string, MetricPoint>>,
  groups: ReadonlyMap<string, readonly MetricPoint[]>,
): Record<string, MetricPoint> {
  const latest = { ...current };
  for (const [key, points] of groups) {
    for (const point of points) {
      const known = latest[key];
      if (known === undefined || isLater(point, known)) latest[key] = point;
    }
  }
  return latest;
}

function isLater(point: MetricPoint, known: MetricPoint): boolean {
  if (point.step !== known.step) return point.step > known.step;
  if (point.timestamp !== known.timestamp) return point.timestamp > known.timestamp;
  return point.value >= known.value || Number.isNaN(known.value);
}
