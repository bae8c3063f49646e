import { Problem } from '../../../../../shared/problem/index.ts';
import { nodesOf } from '../../computes/index.ts';
import type { JobTools } from '../tools.ts';
import type { CommandJob } from './job.ts';

/** Waits for the nodes a job asks for, then for this machine; resolves with what gives both back. */
export async function acquireRoom(
  job: CommandJob,
  tools: JobTools,
  signal: AbortSignal,
): Promise<() => void> {
  const giveBackNodes = await acquireNodes(job, tools, signal);
  try {
    const release = await tools.slots.acquire(signal);
    return () => {
      release();
      giveBackNodes();
    };
  } catch (error) {
    giveBackNodes();
    throw error;
  }
}

/** Serverless jobs and attached clusters count no nodes. */
async function acquireNodes(
  { run, specification }: CommandJob,
  { context, places }: JobTools,
  signal: AbortSignal,
): Promise<() => void> {
  const { compute, distribution } = specification;
  if (compute === undefined) return () => undefined;
  const now = places.assets.nodeLimits(compute);
  if (now === 'unlimited') return () => undefined;
  if (now === undefined) throw unknownCompute(compute);
  const limits = () => {
    const found = places.assets.nodeLimits(compute);
    return found === 'unlimited' ? undefined : found;
  };
  const { nodes: count } = distribution;
  return nodesOf(context).acquire({ compute, runId: run.runId, count, limits, signal });
}

function unknownCompute(name: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `Unknown compute target '${name}': the workspace has no compute of this name.`,
    next: 'Name a compute of the workspace, or leave it out to run serverless.',
  });
}
