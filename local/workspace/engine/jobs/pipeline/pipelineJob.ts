import { openRunLog } from '../runLog.ts';
import { failedEnd, type JobTools, moveTo, type RunEnd } from '../tools.ts';
import { choose } from './control/ifElse.ts';
import { repeat } from './control/doWhile.ts';
import { forEach } from './control/parallelFor.ts';
import type { PipelineJob } from './job.ts';
import type { PipelineStep } from './model.ts';
import type { Running, StepEnd } from './running.ts';
import { runStepOnce } from './runStepOnce.ts';
import { keepOutputs, takeOutputs } from './takeOutputs.ts';

const LOG = 'logs/azureml/executionlogs.txt';

/** Runs the steps of a pipeline, each as soon as those before it have completed. */
export async function runPipeline(job: PipelineJob, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const { run, specification } = job;
  await tools.context.storageReady;
  await moveTo(tools, run.runId, 'Running');
  const stop = new AbortController();
  const running: Running = {
    ...job,
    tools,
    log: await openRunLog(run.runId, LOG, tools),
    stop,
    nested: runPipeline,
    ends: new Map(),
    outputs: new Map(),
    choices: new Map(),
    redirected: new Map(),
  };
  const onAbort = (): void => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.all(startAll(running, specification.steps));
    await keepOutputs(running);
    return signal.aborted ? { status: 'Canceled' } : endOf(running);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await running.log.close();
  }
}

/** One promise per step; each waits for those of the steps before it. */
function startAll(running: Running, steps: readonly PipelineStep[]): Promise<void>[] {
  const promises = new Map<string, Promise<void>>();
  const promiseOf = (name: string): Promise<void> => {
    const known = promises.get(name);
    if (known) return known;
    const step = steps.find((candidate) => candidate.name === name);
    // The graph was checked: every step that is waited for exists, and none waits for itself.
    const promise = step
      ? Promise.all(step.after.map(promiseOf)).then(() => runOne(running, step))
      : Promise.resolve();
    promises.set(name, promise);
    return promise;
  };
  return steps.map((step) => promiseOf(step.name));
}

/** Runs one step, unless it is not wanted, one before it did not complete, or the pipeline is ending. */
async function runOne(running: Running, step: PipelineStep): Promise<void> {
  const { ends, log, stop, specification, tools } = running;
  if (step.loop !== undefined) {
    // The loop has run it, as often as it wanted.
    ends.set(step.name, ends.get(step.loop) ?? { status: 'Canceled' });
    return;
  }
  const not = whyNot(running, step);
  if (not) {
    ends.set(step.name, not.end);
    await log.line(`Step ${step.name} is not run: ${not.why}.`);
    return;
  }
  const end = await work(running, step).catch((error: unknown) => failedEnd(error, tools));
  ends.set(step.name, end);
  await log.line(`Step ${step.name} ended ${end.status}.${end.error ? ` ${end.error.message}` : ''}`);
  if (end.status !== 'Completed' && !specification.continueOnStepFailure) stop.abort();
}

function whyNot(
  { ends, choices, stop }: Running,
  step: PipelineStep,
): { readonly end: StepEnd; readonly why: string } | undefined {
  const before = step.after.map((name) => ends.get(name)?.status);
  if (before.some((status) => status !== 'Completed' && status !== 'Skipped'))
    return { end: { status: 'Canceled' }, why: 'a step before it did not complete' };
  if (stop.signal.aborted) return { end: { status: 'Canceled' }, why: 'the pipeline is ending' };
  if (before.includes('Skipped'))
    return { end: { status: 'Skipped' }, why: 'a step before it was not wanted' };
  const { gate } = step;
  if (gate && choices.get(gate.condition) !== gate.branch)
    return { end: { status: 'Skipped' }, why: `the condition ${gate.condition} came out the other way` };
  return undefined;
}

async function work(running: Running, step: PipelineStep): Promise<RunEnd> {
  const { control } = step;
  switch (control?.kind) {
    case 'if_else':
      return choose(running, step, control);
    case 'do_while':
      return repeat(running, step, control);
    case 'parallel_for':
      return forEach(running, step, control);
    case undefined: {
      const { end, outputs, runId } = await runStepOnce(running, step);
      running.outputs.set(step.name, outputs);
      await takeOutputs(running, step, { runId, outputs });
      return end;
    }
  }
}

function endOf({ ends }: Running): RunEnd {
  const failed =
    [...ends].find(([, end]) => end.status === 'Failed') ??
    [...ends].find(([, end]) => end.status === 'Canceled');
  if (!failed) return { status: 'Completed' };
  const [name, end] = failed;
  const reason = end.error?.message ?? `it ended ${end.status}`;
  return {
    status: 'Failed',
    error: { code: 'UserError', message: `Pipeline has failed child jobs. Step '${name}': ${reason}` },
  };
}
