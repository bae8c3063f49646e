import type { JobInput } from '../../specification.ts';
import type { RunEnd } from '../../tools.ts';
import type { PipelineStep } from '../model.ts';
import type { Running } from '../running.ts';
import { runStepOnce, type StepResult } from '../runStepOnce.ts';
import { takeOutputs } from '../takeOutputs.ts';
import { isTrue, valueAt } from '../values.ts';
import { bodyStep } from './body.ts';
import type { Control } from './control.ts';

type DoWhile = Extract<Control, { kind: 'do_while' }>;

/** Runs a step again and again, with what it gave the time before, until it asks for no more. */
export async function repeat(running: Running, loop: PipelineStep, control: DoWhile): Promise<RunEnd> {
  const { outputs, stop, log } = running;
  const body = bodyStep(running, control.body);
  let given: Readonly<Record<string, JobInput>> = {};
  for (let iteration = 1; ; iteration += 1) {
    const result = await runStepOnce(running, body, given);
    if (result.end.status !== 'Completed' || stop.signal.aborted) return result.end;
    for (const name of [body.name, loop.name]) outputs.set(name, result.outputs);
    if (iteration >= control.most || !(await isWanted(running, control, result))) {
      await takeOutputs(running, body, result);
      await log.line(`The loop ${loop.name} ends after ${iteration} iterations.`);
      return result.end;
    }
    given = await nextInputs(running, body, control, result);
  }
}

async function isWanted(
  { tools }: Running,
  { condition }: DoWhile,
  { outputs }: StepResult,
): Promise<boolean> {
  const uri = condition === undefined ? undefined : outputs[condition]?.uri;
  return condition === undefined || (uri !== undefined && isTrue(await valueAt(uri, tools.places)));
}

async function nextInputs(
  { tools }: Running,
  body: PipelineStep,
  { mapping }: DoWhile,
  { outputs }: StepResult,
): Promise<Record<string, JobInput>> {
  const next: Record<string, JobInput> = {};
  for (const [name, inputs] of Object.entries(mapping)) {
    const output = outputs[name];
    if (output?.uri === undefined) continue;
    const value: JobInput = body.primitives.includes(name)
      ? { type: 'literal', value: await valueAt(output.uri, tools.places) }
      : { type: output.type, uri: output.uri };
    for (const input of inputs) next[input] = value;
  }
  return next;
}
