import type { JobInput, JobOutput } from '../specification.ts';
import { outputsOf } from '../specification.ts';
import type { RunEnd } from '../tools.ts';
import type { PipelineStep } from './model.ts';
import type { Running } from './running.ts';
import { startStep } from './runStep.ts';

/** What one run of a step came to. */
export interface StepResult {
  readonly runId: string;
  readonly end: RunEnd;
  readonly outputs: Readonly<Record<string, JobOutput>>;
}

/** Runs a step under a new run; a loop gives inputs of its own. */
export async function runStepOnce(
  { run, specification, tools, log, stop, outputs, nested }: Running,
  step: PipelineStep,
  given: Readonly<Record<string, JobInput>> = {},
): Promise<StepResult> {
  const started = await startStep(
    {
      step: { ...step, inputs: { ...step.inputs, ...given } },
      parent: run,
      pipeline: specification,
      done: outputs,
      nested,
    },
    tools,
  );
  const { runId } = started.run;
  const how = started.reused === undefined ? 'starts' : `takes what ${started.reused} gave`;
  await log.line(`Step ${step.name} ${how} as run ${runId}.`);
  const end = await started.work(stop.signal);
  // What an inner pipeline gives may lie elsewhere by now: an earlier run gave it.
  const actual =
    step.type === 'pipeline' ? outputsOf(tools.records.jobs.get(runId)?.properties['outputs']) : {};
  return { runId, end, outputs: { ...started.outputs, ...actual } };
}
