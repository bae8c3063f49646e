import { createChild, runCommandChild } from '../children.ts';
import type { Json, RunDocument } from '../records/index.ts';
import { openRunLog, type RunLog } from '../runLog.ts';
import { type JobTools, moveTo, type RunEnd } from '../tools.ts';
import { reportsOf, watchTrials } from './reports.ts';
import type { Trial, TrialSource } from './trials.ts';
import { openTrials } from './trialSource.ts';
import type { SweepSpecification } from './specification.ts';

/** A sweep under its run; `trialJob` is what a trial's job resource shows. */
export interface SweepJob {
  readonly run: RunDocument;
  readonly specification: SweepSpecification;
  readonly trialJob: Json;
}

interface Sweeping extends SweepJob {
  readonly tools: JobTools;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** Ends the trials when no more can be had. */
  readonly stop: AbortController;
  readonly trials: RunDocument[];
}

const LOG = 'azureml-logs/hyperdrive.txt';

/** Runs the trials, as many at once as allowed, and names the best one. */
export async function runSweep(job: SweepJob, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const { specification, run } = job;
  await tools.context.storageReady;
  await moveTo(tools, run.runId, 'Running');
  const limit =
    specification.timeoutInMs === undefined ? [] : [AbortSignal.timeout(specification.timeoutInMs)];
  const stop = new AbortController();
  const sweeping: Sweeping = {
    ...job,
    tools,
    log: await openRunLog(run.runId, LOG, tools),
    signal: AbortSignal.any([signal, stop.signal, ...limit]),
    stop,
    trials: [],
  };
  const unwatch = watchTrials(sweeping);
  let source: TrialSource | undefined;
  try {
    const onLog = (line: string) => void sweeping.log.line(line);
    source = await openTrials(specification, { tools, onLog, signal: sweeping.signal });
    const ends = await runAll(sweeping, source);
    return await endOf(sweeping, ends, signal.aborted);
  } finally {
    unwatch();
    source?.close();
    await sweeping.log.close();
  }
}

/** Each worker takes the next trial when its last one ends. */
async function runAll(sweeping: Sweeping, source: TrialSource): Promise<RunEnd[]> {
  const { specification, signal, stop } = sweeping;
  const ends: RunEnd[] = [];
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started < specification.maxTotalTrials && !signal.aborted) {
      const number = started;
      started += 1;
      const values = await source.next(number);
      if (values === undefined) return;
      const { end, best } = await runTrial(sweeping, number, values);
      source.tell(number, end.status === 'Completed' ? best : undefined);
      ends.push(end);
    }
  };
  // More than can run would only wait, with their code and inputs on disk.
  const atOnce = Math.max(
    1,
    Math.min(specification.maxConcurrentTrials, specification.maxTotalTrials, sweeping.tools.slots.count),
  );
  let failed: { readonly error: unknown } | undefined;
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failed ??= { error };
      stop.abort();
    });
  await Promise.all(Array.from({ length: atOnce }, guarded));
  if (failed) throw failed.error;
  return ends;
}

async function runTrial(
  sweeping: Sweeping,
  number: number,
  values: Trial,
): Promise<{ readonly end: RunEnd; readonly best: number | undefined }> {
  const { run, specification, trialJob, tools, log, signal, trials } = sweeping;
  const child = await createChild(
    run,
    {
      runId: `${run.runId}_${number}`,
      displayName: `${run.displayName}_${number}`,
      runType: 'azureml.scriptrun',
      job: trialJob,
      tags: { hyperparameters: JSON.stringify(values) },
    },
    tools,
  );
  trials.push(child);
  await log.line(`Trial ${child.runId} starts with ${JSON.stringify(values)}.`);
  const end = await runCommandChild(child, { ...specification.trial, searchSpace: values }, tools, signal);
  const best = bestOf(reportsOf(sweeping, child));
  const metric = best === undefined ? 'no value' : String(specification.maximize ? best : -best);
  await log.line(`Trial ${child.runId} ended ${end.status}; ${specification.primaryMetric}: ${metric}.`);
  await nameBest(sweeping);
  return { end, best };
}

/** The best trial so far is a property of the sweep, as clients look for it. */
async function nameBest(sweeping: Sweeping): Promise<RunDocument | undefined> {
  const { tools, run, specification } = sweeping;
  let best: { trial: RunDocument; value: number } | undefined;
  for (const { runId } of sweeping.trials) {
    const trial = tools.records.runs.get(runId);
    const value = trial?.status === 'Completed' ? bestOf(reportsOf(sweeping, trial)) : undefined;
    if (trial && value !== undefined && (best === undefined || value > best.value)) best = { trial, value };
  }
  if (!best) return undefined;
  const { trial, value } = best;
  await tools.records.runs.update(run.runId, tools.context.clock.now(), (current) => ({
    ...current,
    outputs: trial.outputs,
    properties: {
      ...current.properties,
      best_child_run_id: trial.runId,
      score: String(specification.maximize ? value : -value),
      best_metric_status: 'Succeeded',
      best_data_container_id: `dcid.${trial.runId}`,
    },
  }));
  return trial;
}

async function endOf(sweeping: Sweeping, ends: readonly RunEnd[], isCancelled: boolean): Promise<RunEnd> {
  const { specification, signal } = sweeping;
  if (isCancelled) return { status: 'Canceled' };
  const best = await nameBest(sweeping);
  if (signal.aborted) {
    const message = `The sweep was cancelled because it ran longer than its limit of ${(specification.timeoutInMs ?? 0) / 1000} seconds.`;
    return { status: 'Canceled', error: { code: 'UserError', message } };
  }
  if (best) return { status: 'Completed' };
  const failed = ends.find((end) => end.status === 'Failed');
  const message = ends.some((end) => end.status === 'Completed')
    ? `No trial logged the primary metric '${specification.primaryMetric}', so no best trial can be named.`
    : `None of the ${ends.length} trials completed. The first failure: ${failed?.error?.message ?? 'the trials were cancelled.'}`;
  return { status: 'Failed', error: { code: 'UserError', message } };
}

function bestOf(reports: readonly number[]): number | undefined {
  return reports.length === 0 ? undefined : Math.max(...reports);
}
