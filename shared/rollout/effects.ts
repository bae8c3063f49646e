import { finishedTags, openTags, type Course } from './course.ts';
import type { State, Writing } from './state.ts';
import type { DeploymentChange, Tags } from './record.ts';
import type { TrafficSplit } from './traffic.ts';

/** One thing to do at the service. Each can be done twice: after an interruption it is asked for again. */
export type Effect =
  | { readonly do: 'save-deployment'; readonly deployment: string }
  | PutEndpoint
  | { readonly do: 'prepare-deployment'; readonly deployment: string; readonly change: DeploymentChange }
  | { readonly do: 'smoke-test'; readonly deployment: string }
  | { readonly do: 'bake'; readonly deployment: string; readonly since: Date }
  | { readonly do: 'read-log'; readonly deployment: string }
  | DeleteDeployment
  | { readonly do: 'restore-deployment'; readonly deployment: string; readonly saved: string }
  | { readonly do: 'delete-endpoint'; readonly madeBy: string };

export interface DeleteDeployment {
  readonly do: 'delete-deployment';
  readonly deployment: string;
  /** Only when this rollout made it; undefined: whoever made it. */
  readonly madeBy: string | undefined;
}

/** Traffic and the record of the rollout go into one write, so that they never disagree. */
export interface PutEndpoint {
  readonly do: 'put-endpoint';
  readonly split: TrafficSplit;
  /** All tags of this product afterwards; others stay. */
  readonly tags: Tags;
  /** Also the wanted settings of the endpoint. */
  readonly settings: boolean;
  /** The traffic that must still stand for this step to be right; undefined: whatever stands. */
  readonly expected: TrafficSplit | undefined;
  readonly because:
    | 'noting the rollout'
    | 'moving traffic'
    | 'finishing'
    | 'holding'
    | 'putting traffic back'
    | 'clearing up';
}

/** The one effect a state waits for. */
export function effectOf(state: State, now: Date): Effect | undefined {
  const { course } = state;
  const { deployment } = course;
  switch (state.at) {
    case 'saving':
      return { do: 'save-deployment', deployment };
    case 'preparing':
      return { do: 'prepare-deployment', deployment, change: course.change };
    case 'testing':
      return { do: 'smoke-test', deployment };
    case 'baking':
      return { do: 'bake', deployment, since: state.since };
    case 'pruning':
      return { do: 'delete-deployment', deployment: state.left[0] ?? '', madeBy: undefined };
    case 'explaining':
      return { do: 'read-log', deployment };
    case 'removing':
      return course.change === 'update' && course.saved !== undefined
        ? { do: 'restore-deployment', deployment, saved: course.saved }
        : { do: 'delete-deployment', deployment, madeBy: course.id };
    case 'unmaking':
      return { do: 'delete-endpoint', madeBy: course.id };
    case 'recording':
    case 'shifting':
    case 'finishing':
    case 'holding':
    case 'reverting':
    case 'clearing':
      return writeOf(state, now);
    case 'finished':
    case 'held':
    case 'undone':
    case 'stuck':
      return undefined;
  }
}

function writeOf(state: Writing, now: Date): PutEndpoint {
  const { course } = state;
  const { before, after } = course;
  switch (state.at) {
    case 'recording': {
      const tags = openTags(course, 'create', { step: -1, now });
      return { ...put(before, tags), settings: true, expected: before, because: 'noting the rollout' };
    }
    case 'shifting': {
      const tags = openTags(course, 'shift', { step: state.step, now });
      const expected = course.steps[state.step - 1] ?? before;
      return { ...put(course.steps[state.step] ?? after, tags), expected, because: 'moving traffic' };
    }
    case 'finishing':
      return {
        ...put(after, finishedTags(course, now)),
        expected: lastWritten(course),
        because: 'finishing',
      };
    case 'holding': {
      const tags = openTags(course, 'held', { step: course.steps.length - 1, now });
      return { ...put(after, tags), expected: lastWritten(course), because: 'holding' };
    }
    case 'reverting':
      return { ...put(before, openTags(course, 'undo', { step: -1, now })), because: 'putting traffic back' };
    case 'clearing':
      return { ...put(before, course.standing), because: 'clearing up' };
  }
}

function put(split: TrafficSplit, tags: Tags): Omit<PutEndpoint, 'because'> {
  return { do: 'put-endpoint', split, tags, settings: false, expected: undefined };
}

/** The traffic of the write before the last one. */
function lastWritten(course: Course): TrafficSplit {
  const wroteLastStep = course.wish.bakeTimeInMinutes > 0 && course.steps.length > 0;
  return wroteLastStep ? course.after : (course.steps.at(-2) ?? course.before);
}
