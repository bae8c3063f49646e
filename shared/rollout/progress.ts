import type { State } from './state.ts';
import { wordsOfTraffic } from './traffic.ts';

/** How far a rollout is, for the progress bar and the log. */
export interface Progress {
  /** 0 to 100. */
  readonly percent: number;
  readonly activity: string;
}

/** Making a deployment takes most of the time, so it gets the widest part of the bar. */
const PARTS = {
  saving: 5,
  recording: 10,
  preparing: 15,
  testing: 55,
  traffic: 60,
  finishing: 92,
  pruning: 96,
};

export function progressOf(state: State): Progress {
  return { percent: percentOf(state), activity: activityOf(state) };
}

function percentOf(state: State): number {
  switch (state.at) {
    case 'saving':
    case 'recording':
    case 'preparing':
    case 'testing':
    case 'finishing':
    case 'pruning':
      return PARTS[state.at];
    case 'shifting':
    case 'baking': {
      const share = (state.step + (state.at === 'baking' ? 0.5 : 0)) / Math.max(1, state.course.steps.length);
      return Math.round(PARTS.traffic + share * (PARTS.finishing - PARTS.traffic));
    }
    case 'holding':
      return PARTS.finishing;
    case 'explaining':
    case 'reverting':
    case 'removing':
    case 'clearing':
    case 'unmaking':
      return PARTS.pruning;
    case 'finished':
    case 'held':
    case 'undone':
    case 'stuck':
      return 100;
  }
}

function activityOf(state: State): string {
  const { course } = state;
  const name = course.deployment;
  switch (state.at) {
    case 'saving':
      return `Saving deployment '${name}' as it is`;
    case 'recording':
      return course.endpointMade ? 'Creating the endpoint' : 'Noting the rollout on the endpoint';
    case 'preparing':
      return course.change === 'update' ? `Updating deployment '${name}'` : `Creating deployment '${name}'`;
    case 'testing':
      return `Testing deployment '${name}' before it takes traffic`;
    case 'shifting':
      return `Moving traffic: ${splitOf(state)}`;
    case 'baking':
      return `Watching '${name}' for ${course.wish.bakeTimeInMinutes} min at ${splitOf(state)}`;
    case 'finishing':
      return `Finishing: ${wordsOfTraffic(course.after.live)}`;
    case 'holding':
      return 'Holding the rollout open';
    case 'pruning':
      return `Deleting the earlier deployment '${state.left[0] ?? ''}'`;
    case 'explaining':
      return `Fetching the log of '${name}'`;
    case 'reverting':
      return `Putting traffic back: ${wordsOfTraffic(course.before.live)}`;
    case 'removing':
      return course.change === 'update' ? `Restoring deployment '${name}'` : `Deleting deployment '${name}'`;
    case 'clearing':
      return `Clearing up: ${wordsOfTraffic(course.before.live)}`;
    case 'unmaking':
      return 'Deleting the endpoint this rollout created';
    case 'finished':
      return `Finished: ${wordsOfTraffic(course.after.live)}`;
    case 'held':
      return `Held: ${wordsOfTraffic(course.after.live)}`;
    case 'undone':
      return `Undone: ${wordsOfTraffic(course.before.live)}`;
    case 'stuck':
      return 'Stopped';
  }
}

function splitOf(state: { readonly course: State['course']; readonly step: number }): string {
  const split = state.course.steps[state.step];
  if (!split) return 'the same traffic';
  const mirror = Object.keys(split.mirror).length > 0 ? `, mirror ${wordsOfTraffic(split.mirror)}` : '';
  return `${wordsOfTraffic(split.live)}${mirror}`;
}
