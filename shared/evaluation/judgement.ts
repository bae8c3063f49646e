import type { DataComparison } from './data.ts';
import type { Direction } from './policy.ts';

/** The answer. A result, never an error, and never kinder than the numbers. */
export type Verdict = 'better' | 'comparable' | 'worse' | 'inconclusive' | 'no-champion';

/** Last value of each metric by name. What is not finite counts as not measured. */
export type Metrics = Readonly<Record<string, number>>;

/** What the comparison of one metric found. `not-compared`: there is no champion, or the policy gives no direction. */
export type Outcome = 'met' | 'worse' | 'undecided' | 'not-compared';

/** What was found about one metric of the policy, in numbers and in one sentence. */
export interface Finding {
  readonly metric: string;
  readonly blocking: boolean;
  readonly direction?: Direction;
  readonly candidate?: number;
  readonly champion?: number;
  /** Candidate minus champion, whatever the direction. */
  readonly change?: number;
  /** The change as a share of the champion's magnitude. */
  readonly relativeChange?: number;
  readonly min?: number;
  readonly max?: number;
  /** What the policy asks of the change, in words. */
  readonly asked?: string;
  readonly limits: 'held' | 'broken' | 'none';
  readonly outcome: Outcome;
  /** The candidate is better than the champion, by however little. */
  readonly gained: boolean;
  readonly reason: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly passed: boolean;
  /** Why, naming the metrics that decided. */
  readonly reason: string;
  readonly data: DataComparison;
  /** In the policy's order. */
  readonly findings: readonly Finding[];
}
