import type { RunEnd } from '../../tools.ts';
import type { PipelineStep } from '../model.ts';
import type { Running } from '../running.ts';
import { boundValue } from '../step.ts';
import { isTrue } from '../values.ts';
import type { Control } from './control.ts';

/** Finds out which of two blocks of steps is wanted. */
export async function choose(
  running: Running,
  step: PipelineStep,
  { condition }: Extract<Control, { kind: 'if_else' }>,
): Promise<RunEnd> {
  const { specification: pipeline, outputs: done, tools, choices, log } = running;
  const value = isTrue(await boundValue(step.name, condition, { pipeline, done, places: tools.places }));
  choices.set(step.name, value);
  await log.line(`The condition ${step.name} is ${value}.`);
  return { status: 'Completed' };
}
