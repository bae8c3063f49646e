import { Problem } from '../../../../shared/problem/index.ts';
import { runCommandJob } from './command/commandJob.ts';
import { concludeMonitor } from './monitor/conclude.ts';
import { pipelineSpecification } from './pipeline/specification.ts';
import { runPipeline } from './pipeline/pipelineJob.ts';
import type { JobDocument, Json, RunDocument } from './records/index.ts';
import { recordOf, textOf } from './json.ts';
import { commandSpecification } from './specification.ts';
import { sweepSpecification } from './sweep/specification.ts';
import { runSweep } from './sweep/sweepJob.ts';
import { failedEnd, type JobTools, type RunEnd } from './tools.ts';

/** Runs a stored job of any kind to its end. */
export async function runJob(runId: string, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const job = tools.records.jobs.get(runId);
  const run = tools.records.runs.get(runId);
  if (!job || !run)
    throw new Problem({ code: 'internal', message: `The job '${runId}' is not in the store.` });
  try {
    return await runByKind(job, run, tools, signal);
  } catch (error) {
    return signal.aborted ? { status: 'Canceled' } : failedEnd(error, tools);
  }
}

async function runByKind(
  job: JobDocument,
  run: RunDocument,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  const { properties, monitor } = job;
  const kind = textOf(properties['jobType'])?.toLowerCase();
  switch (kind) {
    case 'command':
      return runCommandJob({ run, specification: commandSpecification(properties) }, tools, signal);
    case 'sweep':
      return runSweep(
        { run, specification: sweepSpecification(properties), trialJob: trialJob(properties) },
        tools,
        signal,
      );
    case 'pipeline': {
      const specification = pipelineSpecification(run.runId, properties, tools.places.assets);
      const end = await runPipeline({ run, specification }, tools, signal);
      if (monitor && end.status !== 'Canceled') await concludeMonitor(job, monitor, tools);
      return end;
    }
    default:
      return refused(textOf(properties['jobType']) ?? 'untyped');
  }
}

/** What the job resource of a sweep's trial shows: a command job. */
function trialJob(properties: Json): Json {
  const { inputs, outputs, computeId } = properties;
  return {
    ...recordOf(properties['trial']),
    inputs,
    outputs,
    ...(computeId ? { computeId } : {}),
    jobType: 'Command',
  };
}

function refused(kind: string): RunEnd {
  const message =
    `The embedded workspace accepts ${kind} jobs but does not run them: they need services that only Azure has. ` +
    'Run the job on Azure, or use a command, sweep or pipeline job.';
  return { status: 'Failed', error: { code: 'UserError', message } };
}
