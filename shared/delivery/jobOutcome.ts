import type { AzureML, Job } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';

/** Throws, with the service's own reason, unless the job Completed. */
export async function requireCompleted(client: AzureML, job: Job, abortSignal: AbortSignal): Promise<void> {
  if (job.status === 'Completed') return;
  if (job.status === 'Canceled') {
    throw new Problem({
      code: 'job',
      message: `Job '${job.name}' was cancelled in the workspace, not by this pipeline.`,
      next: 'Run this step again to start the next attempt.',
    });
  }
  const { error } = await client.runs.details(job.name, { abortSignal });
  throw new Problem({
    code: 'job',
    message: `Job '${job.name}' ended as ${job.status}.`,
    ...(error && { reply: error }),
    next: `Read its log above${job.studioUrl ? ` or in the studio (${job.studioUrl})` : ''}, mend the cause and run this step again.`,
  });
}
