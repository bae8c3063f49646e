import type { Course } from './course.ts';
import type { TrafficSplit } from './traffic.ts';

/** Why a rollout cannot go on. */
export interface Failure {
  readonly error: unknown;
  /** The service refused the request, so that nothing was changed by it. */
  readonly untouched?: boolean;
  /** Somebody else changed the traffic meanwhile: theirs stays. */
  readonly drift?: TrafficSplit;
  readonly cancelled?: boolean;
}

/** What came of the one effect in flight. */
export type Event =
  | { readonly is: 'done'; readonly at: Date; readonly saved?: string }
  | { readonly is: 'failed'; readonly at: Date; readonly failure: Failure };

type On<At extends string, More = object> = At extends string
  ? { readonly at: At; readonly course: Course } & Readonly<More>
  : never;

/** States that wait for a write of the endpoint. */
export type Writing =
  | On<'recording' | 'finishing' | 'holding'>
  | On<'shifting', { step: number }>
  | On<'reverting' | 'clearing', { failure: Failure | undefined }>;

/** States that wait for something else. */
export type Working =
  | On<'saving' | 'preparing' | 'testing'>
  | On<'baking', { step: number; since: Date }>
  | On<'pruning', { left: readonly string[]; missed: readonly unknown[] }>
  | On<'explaining', { failure: Failure; moved: boolean }>
  | On<'removing' | 'unmaking', { failure: Failure | undefined }>;

/** States that wait for nothing. `stuck`: the undoing itself failed; the record in the tags lets a later run end it. */
export type Ended =
  | On<'finished' | 'held', { missed: readonly unknown[] }>
  | On<'undone', { failure: Failure | undefined }>
  | On<'stuck', { failure: Failure | undefined; error: unknown }>;

/** Where a rollout stands; every state that has not ended waits for exactly one effect. */
export type State = Writing | Working | Ended;
