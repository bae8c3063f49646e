import { openRunLog, type RunLog } from '../runLog.ts';
import type { JobOutput } from '../specification.ts';
import { failedEnd, type JobTools, moveTo, type RunEnd } from '../tools.ts';
import type { PipelineJob } from './job.ts';
import { startStep } from './runStep.ts';
import type { PipelineStep } from './specification.ts';

interface Running extends PipelineJob {
  readonly tools: JobTools;
  readonly log: RunLog;
  /** Aborts the steps that run, also when one failed and the pipeline is not to go on. */
  readonly stop: AbortController;
  readonly ends: Map<string, RunEnd>;
  readonly outputs: Map<string, Readonly<Record<string, JobOutput>>>;
}

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
    ends: new Map(),
    outputs: new Map(),
  };
  const onAbort = (): void => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.all(startAll(running, specification.steps));
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

/** Runs one step, unless one before it did not complete or the pipeline is ending. */
async function runOne(running: Running, step: PipelineStep): Promise<void> {
  const { ends, log, stop, specification, tools } = running;
  const isBlocked = step.after.some((name) => ends.get(name)?.status !== 'Completed');
  if (isBlocked || stop.signal.aborted) {
    ends.set(step.name, { status: 'Canceled' });
    await log.line(
      `Step ${step.name} is not run: ${isBlocked ? 'a step before it did not complete' : 'the pipeline is ending'}.`,
    );
    return;
  }
  const end = await work(running, step).catch((error: unknown) => failedEnd(error, tools));
  ends.set(step.name, end);
  await log.line(`Step ${step.name} ended ${end.status}.${end.error ? ` ${end.error.message}` : ''}`);
  if (end.status !== 'Completed' && !specification.continueOnStepFailure) stop.abort();
}

async function work(running: Running, step: PipelineStep): Promise<RunEnd> {
  const { run, specification, tools, log, stop, outputs } = running;
  const started = await startStep(
    { step, parent: run, pipeline: specification, done: outputs, nested: runPipeline },
    tools,
  );
  await log.line(`Step ${step.name} starts as run ${started.run.runId}.`);
  const end = await started.work(stop.signal);
  outputs.set(step.name, started.outputs);
  await takeOutputs(running, step, started.run.runId);
  return end;
}

/** What a step registered of the pipeline's own outputs is shown on the pipeline too. */
async function takeOutputs(
  { tools, run, specification }: Running,
  step: PipelineStep,
  stepRunId: string,
): Promise<void> {
  const given = tools.records.runs.get(stepRunId)?.outputs ?? {};
  const own = Object.entries(step.outputs).flatMap(([name, { binding }]) => {
    const bound = /^\s*\$\{\{\s*parent\.outputs\.([^}\s]+)\s*\}\}\s*$/.exec(binding ?? '')?.[1];
    const output = given[name];
    return bound !== undefined && output && bound in specification.outputs ? [[bound, output] as const] : [];
  });
  if (own.length === 0) return;
  await tools.records.runs.update(run.runId, tools.context.clock.now(), (current) => ({
    ...current,
    outputs: { ...current.outputs, ...Object.fromEntries(own) },
  }));
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
