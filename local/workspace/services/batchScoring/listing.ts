import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { batchOf, findDeployment, findEndpoint, type Batch } from '../batchEndpoints/batch.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { invocationsIn } from './invocations.ts';
import { showBatchJob } from './showBatchJob.ts';

/** Clients ask below the prefix of the service's own front end, which the router leaves out. */
const ENDPOINT = `${workspacePath}/batchEndpoints/:endpoint` as const;

/** The jobs of an endpoint and of a deployment, as clients list them. */
export function batchJobListRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const batch = batchOf(context);
  app.get(`${ENDPOINT}/jobs`, (request) => {
    const endpoint = normalName(request.req.param('endpoint'));
    findEndpoint(batch, endpoint);
    return listBatchJobs(batch, request, { endpoint });
  });
  app.get(`${ENDPOINT}/deployments/:deployment/jobs`, (request) => {
    const endpoint = normalName(request.req.param('endpoint'));
    const deployment = normalName(request.req.param('deployment'));
    findDeployment(batch, endpoint, deployment);
    return listBatchJobs(batch, request, { endpoint, deployment });
  });
  return app;
}

/** The newest jobs first; those that were deleted or archived since are left out. */
export function listBatchJobs(
  { context, places: { records } }: Batch,
  request: Context<WorkspaceEnv>,
  { endpoint, deployment }: { readonly endpoint: string; readonly deployment?: string },
): Response {
  const invocations = invocationsIn(context.store);
  const show = (name: string): object | undefined => {
    const invocation = invocations.get(endpoint, name);
    const [job, run] = [records.jobs.get(name), records.runs.get(name)];
    if (!invocation || !job || !run || job.isArchived) return undefined;
    if (deployment !== undefined && invocation.deployment !== deployment) return undefined;
    return showBatchJob(context, { endpoint, deployment: invocation.deployment }, job, run);
  };
  return request.json(pageOf(request, context, (after) => invocations.newestFirst(endpoint, after), show));
}
