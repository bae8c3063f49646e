import { isEnded, type AzureML, type Job, type JobStatus } from '../azureml/index.ts';
import type { TaskLog } from '../pipelines/index.ts';

interface Children {
  /** Shows what changed since the last look. */
  look(abortSignal: AbortSignal): Promise<void>;
}

/** Children of sweeps, AutoML and pipelines: each state change is a line, and their number gives the percentage. */
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
  if (job.jobType === 'Sweep') return atLeastOne(at(properties, 'limits'), 'maxTotalTrials');
  if (job.jobType !== 'AutoML') return 0;
  return atLeastOne(at(at(properties, 'taskDetails'), 'limitSettings'), 'maxTrials');
}

function at(map: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return (map[key] ?? {}) as Record<string, unknown>;
}

function atLeastOne(limits: Readonly<Record<string, unknown>>, key: string): number {
  const count = limits[key];
  return typeof count === 'number' && count > 0 ? count : 1;
}
