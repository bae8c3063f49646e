import type { ExpressionFunction } from './functions.ts';
import type { Value } from './value.ts';

export type JobResult = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped' | 'Abandoned';

/** What succeeded(), failed(), canceled() and their kin look at. */
export type Status =
  /** A step's condition: the state of its own job so far (Agent.JobStatus). */
  | { readonly of: 'step'; readonly job: 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' }
  /** A job's or stage's condition: everything it depends on, directly or not, by name; and whether the run was cancelled. */
  | {
      readonly of: 'dependencies';
      readonly results: ReadonlyMap<string, JobResult>;
      readonly canceled: boolean;
    };

/** What an expression may see. What is left out is an error when the expression names it, as on the service. */
export interface ExpressionContext {
  /** `variables`, `dependencies`, `stageDependencies`, `parameters`, `pipeline`, by their names. */
  readonly names: Readonly<Record<string, Value>>;
  /** Present where succeeded() and its kin are allowed: conditions. */
  readonly status?: Status;
  /** Functions of this place alone, by their names in lower case. */
  readonly functions?: ReadonlyMap<string, ExpressionFunction>;
  /** counter(prefix, seed): the next number for the prefix. Present only in variables evaluated at run time. */
  readonly counter?: (prefix: string, seed: number) => number;
}
