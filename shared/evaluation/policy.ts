/** Which way a metric gets better. */
export type Direction = 'higher' | 'lower';

/** A distance between candidate and champion: in the metric's own unit, or in percent of the champion's magnitude. Never negative. */
export type Distance = { readonly absolute: number } | { readonly percent: number };

/** What a policy asks of one metric. */
export interface MetricRule {
  readonly name: string;
  /** Without a direction the metric is held to its limits and never compared. */
  readonly direction?: Direction;
  /** Absolute limits, inclusive: a value equal to the limit holds it. */
  readonly min?: number;
  readonly max?: number;
  /** The candidate must be better than the champion by at least this. */
  readonly gain?: Distance;
  /** The candidate may be worse than the champion by at most this; left out, it may not be worse at all. */
  readonly tolerance?: Distance;
  /** A metric that does not block is reported and decides nothing. */
  readonly blocking: boolean;
}

/**
 * What to do about the data the two were measured on. `checked`: known to differ is inconclusive; `required`: not known
 * to be the same is inconclusive, too; `ignored`: data plays no part.
 */
export type SameData = 'checked' | 'required' | 'ignored';

/** When a candidate may replace the champion. */
export interface Policy {
  readonly name?: string;
  readonly description?: string;
  readonly metrics: readonly MetricRule[];
  readonly withoutChampion: 'pass' | 'fail';
  readonly whenInconclusive: 'pass' | 'fail';
  readonly sameData: SameData;
  /** Job inputs the metrics are measured on; empty: all data inputs. */
  readonly dataInputs: readonly string[];
  /** The metric that carries the number of rows measured on. */
  readonly rowsMetric?: string;
}

export const POLICY_DEFAULTS = {
  withoutChampion: 'pass',
  whenInconclusive: 'fail',
  sameData: 'checked',
} as const;
