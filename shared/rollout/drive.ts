import type { Effect } from './effects.ts';
import { advance, type Step } from './machine.ts';
import type { Ended, Event, State } from './state.ts';

/** What carries out effects and is told where the rollout stands. */
export interface Performer {
  perform(effect: Effect, state: State): Promise<Event>;
  /** Called when a state is entered. */
  observe?(state: State): void;
}

/** Carries a rollout from a step to its end, one effect at a time. */
export async function drive(start: Step, performer: Performer): Promise<Ended> {
  let step = start;
  for (;;) {
    performer.observe?.(step.state);
    if (step.effect === undefined) return endOf(step.state);
    step = advance(step.state, await performer.perform(step.effect, step.state));
  }
}

function endOf(state: State): Ended {
  switch (state.at) {
    case 'finished':
    case 'held':
    case 'undone':
    case 'stuck':
      return state;
    default:
      throw new Error(`The state ${state.at} waits for an effect.`);
  }
}
