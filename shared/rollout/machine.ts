import type { Course } from './course.ts';
import { effectOf, type Effect } from './effects.ts';
import type { EndpointState } from './endpointState.ts';
import type { Plan } from './plan.ts';
import type { RolloutRecord } from './record.ts';
import type { Event, Failure, State } from './state.ts';
import { sameSplit, type TrafficSplit } from './traffic.ts';

/** A state and the effect to carry out in it; no effect at the end. */
export interface Step {
  readonly state: State;
  readonly effect: Effect | undefined;
}

/** The first step of a planned rollout; of one that is done already, only what its end left over. */
export function begin(course: Course, plan: Pick<Plan, 'isDone'>, now: Date): Step {
  if (plan.isDone) return enter(prune(course, course.deletes, []), now);
  return enter({ at: course.change === 'update' ? 'saving' : 'recording', course }, now);
}

/** Where a rollout goes on whose run was interrupted, seen from its record and the endpoint as it is. */
export function resume(
  course: Course,
  options: { record: RolloutRecord; endpoint: EndpointState; now: Date },
): Step {
  const { record, endpoint, now } = options;
  switch (record.phase) {
    case 'create':
      return enter({ at: 'recording', course }, now);
    case 'shift':
      return enter(resumeShift(course, record, endpoint), now);
    case 'held':
      return enter({ at: 'held', course, missed: [] }, now);
    case 'undo':
      return undo(course, now);
  }
}

function resumeShift(course: Course, record: RolloutRecord, endpoint: EndpointState): State {
  const { step, since } = record;
  const asked = course.steps[step];
  if (asked && sameSplit(endpoint.traffic, asked))
    return watches(course) ? { at: 'baking', course, step, since } : stepAfter(course, step);
  return { at: 'shifting', course, step };
}

/** Undoes an open or finished rollout. */
export function undo(course: Course, now: Date): Step {
  return enter(revert(course, undefined), now);
}

/** One write that finishes a held rollout, or gives a deployment that stands by all traffic. */
export function promote(course: Course, now: Date): Step {
  return enter({ at: 'finishing', course }, now);
}

/** What follows from a state and what came of its effect. */
export function advance(state: State, event: Event): Step {
  return enter(event.is === 'done' ? succeed(state, event) : fail(state, event.failure), event.at);
}

function enter(state: State, now: Date): Step {
  return { state, effect: effectOf(state, now) };
}

function succeed(state: State, event: Extract<Event, { is: 'done' }>): State {
  const { course } = state;
  switch (state.at) {
    case 'saving':
      return { at: 'recording', course: { ...course, ...(event.saved && { saved: event.saved }) } };
    case 'recording':
      return { at: 'preparing', course };
    case 'preparing':
      return course.hasSmokeTest ? { at: 'testing', course } : stepAfter(course, -1);
    case 'testing':
      return stepAfter(course, -1);
    case 'shifting':
      return watches(course)
        ? { at: 'baking', course, step: state.step, since: event.at }
        : stepAfter(course, state.step);
    case 'baking':
      return stepAfter(course, state.step);
    case 'finishing':
      return prune(course, course.deletes, []);
    case 'pruning':
      return prune(course, state.left.slice(1), state.missed);
    case 'holding':
      return { at: 'held', course, missed: [] };
    case 'explaining':
      return state.moved ? revert(course, state.failure) : remove(course, state.failure);
    case 'reverting':
      return remove(course, state.failure);
    case 'removing':
      return { at: 'clearing', course, failure: state.failure };
    case 'clearing':
    case 'unmaking':
      return { at: 'undone', course, failure: state.failure };
    case 'finished':
    case 'held':
    case 'undone':
    case 'stuck':
      return state;
  }
}

function fail(state: State, failure: Failure): State {
  const course = failure.drift ? leaveTo(state.course, failure.drift) : state.course;
  switch (state.at) {
    case 'saving':
      return { at: 'undone', course, failure };
    case 'recording':
      return failure.untouched && !failure.drift
        ? { at: 'undone', course, failure }
        : revert(course, failure);
    case 'preparing':
    case 'testing':
    case 'baking':
      // A cancelled run has seconds: what matters first is the traffic and the mark that the rest is to be undone.
      return failure.cancelled
        ? revert(course, failure)
        : { at: 'explaining', course, failure, moved: state.at === 'baking' };
    case 'shifting':
    case 'finishing':
    case 'holding':
      return revert(course, failure);
    case 'pruning':
      return prune(course, state.left.slice(1), [...state.missed, failure.error]);
    case 'explaining':
      return state.moved ? revert(course, state.failure) : remove(course, state.failure);
    case 'reverting':
    case 'removing':
    case 'clearing':
    case 'unmaking':
      return { at: 'stuck', course, failure: state.failure, error: failure.error };
    case 'finished':
    case 'held':
    case 'undone':
    case 'stuck':
      return state;
  }
}

/** The next traffic step, or the end: the last step needs no write of its own when nothing is watched after it. */
function stepAfter(course: Course, step: number): State {
  const next = step + 1;
  const endsWith = watches(course) ? course.steps.length : course.steps.length - 1;
  if (next < endsWith) return { at: 'shifting', course, step: next };
  return { at: course.holds ? 'holding' : 'finishing', course };
}

/** True when each traffic step is followed by a time of watching. */
function watches(course: Course): boolean {
  return course.wish.bakeTimeInMinutes > 0;
}

function prune(course: Course, left: readonly string[], missed: readonly unknown[]): State {
  return left.length > 0 ? { at: 'pruning', course, left, missed } : { at: 'finished', course, missed };
}

/** Somebody moved traffic during the rollout: it stays as they left it, and what serves it is not deleted. */
function leaveTo(course: Course, drift: TrafficSplit): Course {
  const serves = drift.live[course.deployment] !== undefined || drift.mirror[course.deployment] !== undefined;
  return { ...course, before: drift, ...(serves && { change: 'none' as const }) };
}

/** The traffic goes back first; where no deployment has to be undone, one write does it all. */
function revert(course: Course, failure: Failure | undefined): State {
  if (course.endpointMade) return { at: 'unmaking', course, failure };
  return { at: undoesDeployment(course) ? 'reverting' : 'clearing', course, failure };
}

/** Then the deployment: made by this rollout, it goes; changed by it, it gets its old form back. */
function remove(course: Course, failure: Failure | undefined): State {
  if (course.endpointMade) return { at: 'unmaking', course, failure };
  return { at: undoesDeployment(course) ? 'removing' : 'clearing', course, failure };
}

function undoesDeployment(course: Course): boolean {
  return course.change === 'update' ? course.saved !== undefined : course.change !== 'none';
}
