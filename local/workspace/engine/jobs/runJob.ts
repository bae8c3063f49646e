import { Problem } from '../../../../shared/problem/index.ts';
import { runCommandJob } from './command/commandJob.ts';
import { commandSpecification, textOf } from './specification.ts';
import type { JobTools, RunEnd } from './tools.ts';

/** Runs a stored job of any kind to its end. */
export async function runJob(runId: string, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const job = tools.records.jobs.get(runId);
  const run = tools.records.runs.get(runId);
  if (!job || !run)
    throw new Problem({ code: 'internal', message: `The job '${runId}' is not in the store.` });
  const kind = textOf(job.properties['jobType'])?.toLowerCase();
  switch (kind) {
    case 'command':
      return runCommandJob({ run, specification: commandSpecification(job.properties) }, tools, signal);
    default:
      return refused(textOf(job.properties['jobType']) ?? 'without a type');
  }
}

function refused(kind: string): RunEnd {
  const message = `${kind} jobs are accepted by the embedded workspace but not run: they need services that only Azure has. Run the job on Azure.`;
  return { status: 'Failed', error: { code: 'UserError', message } };
}
