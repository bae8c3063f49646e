import { Hono, type Context } from 'hono';
import type { BeginOperation, Caller, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { isTerminal } from '../../engine/jobs/records/index.ts';
import { readBody } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { batchOf, findEndpoint, type Batch } from '../batchEndpoints/batch.ts';
import { engineOf } from '../jobs/engines.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { invocationsIn } from './invocations.ts';
import { invoke } from './invoke.ts';
import { listBatchJobs } from './listing.ts';
import { showBatchJob } from './showBatchJob.ts';
import { callerOf } from './signIn.ts';
import { swaggerOf } from './swagger.ts';

const JOBS = '/batch/:endpoint/jobs';
const PIN = 'azureml-model-deployment';
const REQUEST_ID = 'repeatability-request-id';

/** Batch endpoints as their callers see them: one path for each, under which jobs are made, read and cancelled. */
export function batchScoringRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const batch = batchOf(context);
  const beginCancel = context.operations.task<{ name: string }>({
    name: 'batchJob.cancel',
    kind: 'jobcancel',
    work: ({ name }) => engineOf(context).cancel(name),
  });
  app.get('/batch/:endpoint/swagger.json', async (request) => {
    const { name } = await reached(batch, request, 'read');
    return request.json(swaggerOf(context, name));
  });
  app.post(JOBS, (request) => postJob(batch, request));
  app.get(JOBS, async (request) => {
    const { name } = await reached(batch, request, 'read');
    return listBatchJobs(batch, request, { endpoint: name });
  });
  app.get(`${JOBS}/:name`, async (request) => {
    const { name: endpoint } = await reached(batch, request, 'read');
    return request.json(shown(batch, endpoint, request.req.param('name')));
  });
  app.post(`${JOBS}/:name/cancel`, async (request) => {
    const { name: endpoint } = await reached(batch, request, 'write');
    shown(batch, endpoint, request.req.param('name'));
    return cancel(batch, request, beginCancel);
  });
  return app;
}

async function postJob(batch: Batch, request: Context<WorkspaceEnv>): Promise<Response> {
  const endpoint = await reached(batch, request, 'write');
  const pinned = request.req.header(PIN);
  const asked = {
    body: await readBody(request),
    deployment: pinned ? normalName(pinned) : undefined,
    requestId: request.req.header(REQUEST_ID),
  };
  const { name, isNew } = await invoke(batch, endpoint, asked, endpoint.caller);
  return request.json(shown(batch, endpoint.name, name), isNew ? 201 : 200);
}

/** The endpoint that is called, once it is known who calls. */
async function reached(
  batch: Batch,
  request: Context<WorkspaceEnv>,
  verb: 'read' | 'write',
): Promise<ReturnType<typeof findEndpoint> & { readonly caller: Caller }> {
  const caller = await callerOf(batch.context, request.req.header('authorization'), verb);
  return { ...findEndpoint(batch, normalName(request.req.param('endpoint') ?? '')), caller };
}

function shown(batch: Batch, endpoint: string, name: string): object {
  const { records } = batch.places;
  const invocation = invocationsIn(batch.context.store).get(endpoint, name);
  const [job, run] = [records.jobs.get(name), records.runs.get(name)];
  if (!invocation || !job || !run) throw notFound(`The job '${name}' of batch endpoint '${endpoint}'`);
  return showBatchJob(batch.context, { endpoint, deployment: invocation.deployment }, job, run);
}

/** A job that has ended is left as it is. */
async function cancel(
  batch: Batch,
  request: Context<WorkspaceEnv>,
  begin: BeginOperation<{ name: string }>,
): Promise<Response> {
  const name = request.req.param('name') ?? '';
  const run = batch.places.records.runs.get(name);
  if (!run || isTerminal(run.status)) return request.body(null, 200);
  return request.body(null, 202, operationHeaders(await begin({ name })));
}
