import { planParts } from './parts.ts';
import { watchCancellation } from './cancellation.ts';
import { reapLeftovers } from './process/reap.ts';
import type { AgentJob, JobStatus } from './request.ts';
import { mergeResults, type TaskResult } from './results.ts';
import { runPart, type PartHost } from './part.ts';

/** Runs a job's steps: the pre-job parts of all tasks, the steps themselves, the post-job parts in reverse. */
export async function runAgentJob(job: AgentJob): Promise<JobStatus> {
  const cancellation = watchCancellation(job);
  let done: TaskResult = 'Succeeded';
  const host: PartHost = {
    ...job.host,
    cancellation,
    status: () => (cancellation.requested.aborted ? 'Canceled' : statusOf(done)),
  };
  setStatus(host);
  cancellation.requested.addEventListener('abort', () => setStatus(host), { once: true });
  try {
    for (const part of planParts(job.steps, job.host, job.traces)) {
      const result = await runPart(part, host);
      if (result === 'Failed' || result === 'SucceededWithIssues') done = mergeResults(done, result);
      setStatus(host);
    }
    return host.status();
  } finally {
    cancellation.dispose();
    await reapLeftovers(job.host.lookupId);
  }
}

function statusOf(result: TaskResult): JobStatus {
  return result === 'SucceededWithIssues' || result === 'Failed' ? result : 'Succeeded';
}

function setStatus(host: PartHost): void {
  host.state.variables.set('Agent.JobStatus', host.status(), { isReadOnly: true });
}
