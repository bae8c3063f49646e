import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { containerLog, revisionFolders } from '../../engine/scoring/index.ts';
import { answerFailure } from '../../server/answers.ts';
import { readBody } from '../../server/bodies.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { BodyReader } from './bodyReader.ts';
import { deleteDeployment, findDeployment, patchDeployment, putDeployment } from './deploymentOperations.ts';
import { deleteEndpoint, findEndpoint, patchEndpoint, putEndpoint } from './endpointOperations.ts';
import { keyRoutes } from './keys.ts';
import { matchesEndpoint } from './listing.ts';
import { normalName } from './names.ts';
import { onlineOf, type Online } from './online.ts';
import { onlineOperations } from './operations.ts';
import { answerAccepted, answerPut } from './operationAnswers.ts';
import { answerRefusal, InferenceRefusal } from './refusals.ts';
import { renderDeployment, renderEndpoint } from './render.ts';
import { skusOf } from './skus.ts';

const ENDPOINTS = `${workspacePath}/onlineEndpoints` as const;
const ENDPOINT = `${ENDPOINTS}/:endpoint` as const;
const DEPLOYMENTS = `${ENDPOINT}/deployments` as const;
const DEPLOYMENT = `${DEPLOYMENTS}/:deployment` as const;
const LOG_TAIL = 50;
const MOST_LINES = 1_000_000;

/** Online endpoints and their deployments, as ARM has them. */
export function onlineEndpointsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const online = onlineOf(context);
  online.begin = onlineOperations(online);
  app.onError((error, request) =>
    error instanceof InferenceRefusal
      ? answerRefusal(error, context, request)
      : answerFailure(error, context, request),
  );
  app.route('/', endpointRoutes(online));
  app.route('/', deploymentRoutes(online));
  app.route('/', keyRoutes(online, ENDPOINT));
  return app;
}

function endpointRoutes(online: Online): Hono<WorkspaceEnv> {
  const { context, documents } = online;
  const app = new Hono<WorkspaceEnv>();
  app.get(ENDPOINTS, (request) => {
    const isWanted = matchesEndpoint(request);
    const items = (after: string | undefined) =>
      documents.endpoints.list(after === undefined ? {} : { after });
    return request.json(
      pageOf(request, context, items, (item) => (isWanted(item) ? renderEndpoint(context, item) : undefined)),
    );
  });
  app.get(ENDPOINT, (request) =>
    request.json(renderEndpoint(context, findEndpoint(online, endpointOf(request)))),
  );
  app.put(ENDPOINT, async (request) => {
    const accepted = await putEndpoint(
      online,
      endpointOf(request),
      await readBody(request),
      request.get('caller'),
    );
    return answerPut(request, accepted, renderEndpoint(context, accepted.stored));
  });
  app.patch(ENDPOINT, async (request) => {
    const accepted = await patchEndpoint(
      online,
      endpointOf(request),
      await readBody(request),
      request.get('caller'),
    );
    return answerAccepted(request, accepted.statusUrl);
  });
  app.delete(ENDPOINT, async (request) => {
    if (!documents.endpoints.get(endpointOf(request))) return request.body(null, 204);
    return answerAccepted(request, await deleteEndpoint(online, endpointOf(request)));
  });
  return app;
}

function deploymentRoutes(online: Online): Hono<WorkspaceEnv> {
  const { context, documents } = online;
  const app = new Hono<WorkspaceEnv>();
  const found = (request: Context<WorkspaceEnv>) =>
    findDeployment(online, endpointOf(request), deploymentOf(request));
  const names = (request: Context<WorkspaceEnv>) => ({
    endpoint: endpointOf(request),
    deployment: deploymentOf(request),
  });
  app.get(DEPLOYMENTS, (request) => {
    const prefix = `${findEndpoint(online, endpointOf(request)).name}/`;
    const items = (after: string | undefined) =>
      documents.deployments.list({ prefix, ...(after === undefined ? {} : { after }) });
    return request.json(pageOf(request, context, items, (item) => renderDeployment(context, item)));
  });
  app.get(DEPLOYMENT, (request) => request.json(renderDeployment(context, found(request))));
  app.put(DEPLOYMENT, async (request) => {
    const accepted = await putDeployment(
      online,
      names(request),
      await readBody(request),
      request.get('caller'),
    );
    return answerPut(request, accepted, renderDeployment(context, accepted.stored));
  });
  app.patch(DEPLOYMENT, async (request) => {
    const accepted = await patchDeployment(
      online,
      names(request),
      await readBody(request),
      request.get('caller'),
    );
    return answerAccepted(request, accepted.statusUrl);
  });
  app.delete(DEPLOYMENT, async (request) => {
    const { endpoint, deployment } = names(request);
    if (!documents.deployments.get(`${endpoint}/${deployment}`)) return request.body(null, 204);
    return answerAccepted(request, await deleteDeployment(online, endpoint, deployment));
  });
  app.get(`${DEPLOYMENT}/skus`, (request) => request.json({ value: skusOf(found(request)) }));
  app.post(`${DEPLOYMENT}/getLogs`, async (request) => {
    const { endpoint, name, wanted } = found(request);
    const body = new BodyReader(await readBody(request));
    const type =
      body.word('containerType', ['InferenceServer', 'StorageInitializer'] as const) ?? 'InferenceServer';
    const tail = body.integer('tail', 1, MOST_LINES) ?? LOG_TAIL;
    body.throwFaults();
    const folders = revisionFolders(context.folders.deployments, {
      endpoint,
      deployment: name,
      revision: wanted.id,
    });
    return request.json({ content: await containerLog(folders, type, tail) });
  });
  return app;
}

function endpointOf(request: Context<WorkspaceEnv>): string {
  return normalName(request.req.param('endpoint') ?? '');
}

function deploymentOf(request: Context<WorkspaceEnv>): string {
  return normalName(request.req.param('deployment') ?? '');
}
