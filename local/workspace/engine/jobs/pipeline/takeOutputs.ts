import { recordOf } from '../json.ts';
import type { Json } from '../records/index.ts';
import type { PipelineStep } from './model.ts';
import type { Running } from './running.ts';
import type { StepResult } from './runStepOnce.ts';
import { givenOutputs } from './step.ts';

/** What a step gave of the pipeline's own outputs is shown on the pipeline too. */
export async function takeOutputs(
  { tools, run, specification, redirected }: Running,
  step: PipelineStep,
  { runId, outputs }: Pick<StepResult, 'runId' | 'outputs'>,
): Promise<void> {
  const registered = tools.records.runs.get(runId)?.outputs ?? {};
  const bound = givenOutputs(step);
  for (const { own, parent } of bound) {
    const uri = outputs[own]?.uri;
    if (uri !== undefined && uri !== specification.outputs[parent]?.uri) redirected.set(parent, uri);
  }
  const taken = bound.flatMap(({ own, parent }) => {
    const output = registered[own];
    return output && parent in specification.outputs ? [[parent, output] as const] : [];
  });
  if (taken.length === 0) return;
  await tools.records.runs.update(run.runId, tools.context.clock.now(), (current) => ({
    ...current,
    outputs: { ...current.outputs, ...Object.fromEntries(taken) },
  }));
}

/** Writes into the pipeline's job where its outputs really are. */
export async function keepOutputs({ tools, run, redirected }: Running): Promise<void> {
  if (redirected.size === 0) return;
  await tools.records.jobs.update(run.runId, (job) => ({
    ...job,
    properties: { ...job.properties, outputs: withUris(recordOf(job.properties['outputs']), redirected) },
  }));
}

function withUris(outputs: Json, uris: ReadonlyMap<string, string>): Json {
  const moved = [...uris].map(([name, uri]) => [name, { ...recordOf(outputs[name]), uri }]);
  return { ...outputs, ...Object.fromEntries(moved) };
}
