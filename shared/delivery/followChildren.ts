import { isEnded, type AzureML, type Job, type JobStatus } from '../azureml/index.ts';
import type { TaskLog } from '../pipelines/index.ts';

interface Children {
  /** Shows what changed since the last look. */
  look(abortSignal: AbortSignal): Promise<void>;
}

/** Children of sweeps and pipelines: each state change is a line, and their number gives the percentage. */
export function createChildren(client: AzureML, job: Job, log: TaskLog): Children {
  const shown = new Map<string, JobStatus>();
  const expected = expectedChildren(job);
  return {
    async look(abortSignal) {
      if (expected === 0) return;
      for await (const child of client.runs.children(job.name, { abortSignal })) {
        if (shown.get(child.runId) === child.status) continue;
        shown.set(child.runId, child.status);
        log.info(`  ${child.displayName} (${child.runId}): ${child.status}`);
      }
      const ended = [...shown.values()].filter(isEnded).length;
      const all = Math.max(expected, shown.size);
      if (ended > 0) log.progress((100 * ended) / all, `${ended} of ${all} child jobs ended`);
    },
  };
}

/** 0 for jobs without children. */
function expectedChildren(job: Job): number {
  const properties = (job.raw['properties'] ?? {}) as Record<string, unknown>;
  if (job.jobType === 'Pipeline')
    return Math.max(1, Object.keys((properties['jobs'] as object | undefined) ?? {}).length);
  if (job.jobType !== 'Sweep' && job.jobType !== 'AutoML') return 0;
  const limits = (properties['limits'] ?? {}) as Record<string, unknown>;
  return typeof limits['maxTotalTrials'] === 'number' ? limits['maxTotalTrials'] : 1;
}
