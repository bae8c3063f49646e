import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { readBody } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { answerAccepted, answerPut } from '../onlineEndpoints/operationAnswers.ts';
import { batchOf, findDeployment, findEndpoint, type BatchControl, type OneDeployment } from './batch.ts';
import { deleteDeployment, patchDeployment, putDeployment } from './deploymentOperations.ts';
import { deleteEndpoint, patchEndpoint, putEndpoint } from './endpointOperations.ts';
import { batchOperations } from './operations.ts';
import { renderDeployment, renderEndpoint } from './render.ts';

const ENDPOINTS = `${workspacePath}/batchEndpoints` as const;
const ENDPOINT = `${ENDPOINTS}/:endpoint` as const;
const DEPLOYMENTS = `${ENDPOINT}/deployments` as const;
const DEPLOYMENT = `${DEPLOYMENTS}/:deployment` as const;

/** Batch endpoints and their deployments, as ARM has them. */
export function batchEndpointsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const batch = batchOf(context);
  const control = { ...batch, begin: batchOperations(batch) };
  app.route('/', endpointRoutes(control));
  app.route('/', deploymentRoutes(control));
  return app;
}

function endpointRoutes(batch: BatchControl): Hono<WorkspaceEnv> {
  const { context, documents } = batch;
  const app = new Hono<WorkspaceEnv>();
  app.get(ENDPOINTS, (request) => {
    const items = (after: string | undefined) =>
      documents.endpoints.list(after === undefined ? {} : { after });
    return request.json(pageOf(request, context, items, (item) => renderEndpoint(context, item)));
  });
  app.get(ENDPOINT, (request) =>
    request.json(renderEndpoint(context, findEndpoint(batch, namesOf(request).endpoint))),
  );
  app.put(ENDPOINT, async (request) => {
    const body = await readBody(request);
    const accepted = await putEndpoint(batch, namesOf(request).endpoint, body, request.get('caller'));
    return answerPut(request, accepted, renderEndpoint(context, accepted.stored));
  });
  app.patch(ENDPOINT, async (request) => {
    const body = await readBody(request);
    const { statusUrl } = await patchEndpoint(batch, namesOf(request).endpoint, body, request.get('caller'));
    return answerAccepted(request, statusUrl);
  });
  app.delete(ENDPOINT, async (request) => {
    const { endpoint } = namesOf(request);
    if (!documents.endpoints.get(endpoint)) return request.body(null, 204);
    return answerAccepted(request, await deleteEndpoint(batch, endpoint));
  });
  app.post(`${ENDPOINT}/listKeys`, (request) => {
    const { name, authMode, keys } = findEndpoint(batch, namesOf(request).endpoint);
    if (authMode !== 'Key')
      throw userError(`The endpoint '${name}' has the auth mode ${authMode}, so it has no keys of its own.`);
    return request.json({ primaryKey: keys.primary, secondaryKey: keys.secondary });
  });
  return app;
}

function deploymentRoutes(batch: BatchControl): Hono<WorkspaceEnv> {
  const { context, documents } = batch;
  const app = new Hono<WorkspaceEnv>();
  app.get(DEPLOYMENTS, (request) => {
    const prefix = `${findEndpoint(batch, namesOf(request).endpoint).name}/`;
    const items = (after: string | undefined) =>
      documents.deployments.list({ prefix, ...(after === undefined ? {} : { after }) });
    return request.json(pageOf(request, context, items, (item) => renderDeployment(context, item)));
  });
  app.get(DEPLOYMENT, (request) => {
    const { endpoint, deployment } = namesOf(request);
    return request.json(renderDeployment(context, findDeployment(batch, endpoint, deployment)));
  });
  app.put(DEPLOYMENT, async (request) => {
    const body = await readBody(request);
    const accepted = await putDeployment(batch, namesOf(request), body, request.get('caller'));
    return answerPut(request, accepted, renderDeployment(context, accepted.stored));
  });
  app.patch(DEPLOYMENT, async (request) => {
    const body = await readBody(request);
    const { statusUrl } = await patchDeployment(batch, namesOf(request), body, request.get('caller'));
    return answerAccepted(request, statusUrl);
  });
  app.delete(DEPLOYMENT, async (request) => {
    const names = namesOf(request);
    if (!documents.deployments.get(`${names.endpoint}/${names.deployment}`)) return request.body(null, 204);
    return answerAccepted(request, await deleteDeployment(batch, names));
  });
  return app;
}

function namesOf(request: Context<WorkspaceEnv>): OneDeployment {
  return {
    endpoint: normalName(request.req.param('endpoint') ?? ''),
    deployment: normalName(request.req.param('deployment') ?? ''),
  };
}
