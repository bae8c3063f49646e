import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { ServedDeployment } from '../../engine/scoring/index.ts';
import { trafficOf } from '../monitor/traffic.ts';
import { deploymentKey, type StoredEndpoint } from '../onlineEndpoints/documents.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { onlineOf, type Online } from '../onlineEndpoints/online.ts';
import { answerFailure, answerOf, plain, type Outcome } from './answers.ts';
import { callModel, type ModelRequest } from './call.ts';
import { chooseByTraffic, chooseMirror } from './choose.ts';
import { mayScore } from './signIn.ts';

const PIN = 'azureml-model-deployment';

/** The endpoints as their callers see them: one path for each, and behind it the deployments by their shares of traffic. */
export function scoringRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const online = onlineOf(context);
  app.on(['GET', 'POST', 'OPTIONS'], '/online/:endpoint/score', (request) =>
    route(online, request, 'scoring'),
  );
  app.get('/online/:endpoint/swagger.json', (request) => route(online, request, 'swagger'));
  return app;
}

/** Signs in, chooses a deployment, and sends the request on. */
async function route(
  online: Online,
  request: Context<WorkspaceEnv>,
  what: 'scoring' | 'swagger',
): Promise<Response> {
  const name = normalName(request.req.param('endpoint') ?? '');
  const endpoint = online.documents.endpoints.get(name);
  if (!endpoint) return plain(404, 'NotFound', `There is no endpoint '${name}'.`);
  if (!(await mayScore(online, endpoint, request.req.header('authorization')))) return unauthorized(endpoint);
  const pinned = request.req.header(PIN);
  const chosen = pinned ? normalName(pinned) : chooseByTraffic(endpoint.traffic, Math.random());
  if (chosen === undefined)
    return plain(404, 'NotFound', `No deployment of endpoint '${name}' takes traffic.`);
  const isKnown = online.documents.deployments.get(deploymentKey(name, chosen)) !== undefined;
  if (!isKnown) return plain(404, 'NotFound', `The endpoint '${name}' has no deployment '${chosen}'.`);
  const mirror =
    pinned || what === 'swagger' ? undefined : chooseMirror(endpoint.mirrorTraffic, Math.random());
  const response = await send(online, { endpoint: name, chosen, mirror, what }, request);
  const clientRequestId = request.req.header('x-ms-client-request-id');
  if (clientRequestId) response.headers.set('x-ms-client-request-id', clientRequestId);
  return response;
}

interface Destination {
  readonly endpoint: string;
  readonly chosen: string;
  readonly mirror: string | undefined;
  readonly what: 'scoring' | 'swagger';
}

async function send(online: Online, to: Destination, request: Context<WorkspaceEnv>): Promise<Response> {
  const note = noteFor(online, to.endpoint, to.chosen, to.what);
  const served = online.fleet.get(to.endpoint, to.chosen);
  if (!served) return noted(answerFailure('no-instance', to.chosen, false), note);
  const body = await bodyOf(request, to.mirror !== undefined);
  const call = modelRequest(request, served, to.what, body);
  if (to.mirror !== undefined) copyTo(online, to.endpoint, to.mirror, call);
  const reply = await callModel(served, call);
  if (typeof reply === 'string')
    return noted(answerFailure(reply, to.chosen, served.plan.isKubernetes), note);
  return answerOf(reply, to.chosen, note);
}

/** A copy goes its own way: the caller neither waits for it nor sees what comes back. */
function copyTo(online: Online, endpoint: string, deployment: string, call: ModelRequest): void {
  const served = online.fleet.get(endpoint, deployment);
  if (!served) return;
  const note = noteFor(online, endpoint, deployment, 'scoring');
  const copy = { ...call, requestId: `${call.requestId}-mirror`, callerGone: new AbortController().signal };
  void callModel(served, copy).then((reply) => {
    if (typeof reply === 'string')
      return void noted(answerFailure(reply, deployment, served.plan.isKubernetes), note);
    answerOf(reply, deployment, note);
    reply.body.resume();
  });
}

function modelRequest(
  request: Context<WorkspaceEnv>,
  served: ServedDeployment,
  what: 'scoring' | 'swagger',
  body: ModelRequest['body'],
): ModelRequest {
  const { search } = new URL(request.req.url);
  return {
    method: request.req.method,
    path: `${what === 'swagger' ? '/swagger.json' : served.plan.routes.scoring}${search}`,
    headers: request.req.raw.headers,
    requestId: request.get('requestId'),
    body,
    callerGone: request.req.raw.signal,
  };
}

/** Streamed as it comes in, unless two deployments are to read it. */
async function bodyOf(request: Context<WorkspaceEnv>, isForTwo: boolean): Promise<ModelRequest['body']> {
  const { body } = request.req.raw;
  if (!body) return undefined;
  if (isForTwo) return Buffer.from(await request.req.arrayBuffer());
  // The global stream and Node's are the same class in two type libraries.
  return Readable.fromWeb(body as WebStream);
}

type Note = (outcome: Outcome) => void;

/** Counts a scoring request when it is over, with the time it took. */
function noteFor(
  { context }: Online,
  endpoint: string,
  deployment: string,
  what: 'scoring' | 'swagger',
): Note {
  const start = performance.now();
  if (what === 'swagger') return () => {};
  return (outcome) =>
    trafficOf(context).record({ endpoint, deployment, ...outcome, latencyInMs: performance.now() - start });
}

function noted(response: Response, note: Note): Response {
  note({ status: response.status });
  return response;
}

function unauthorized(endpoint: StoredEndpoint): Response {
  const what = endpoint.authMode === 'Key' ? 'one of its keys' : 'a token for it';
  const headers = new Headers({ 'www-authenticate': `Bearer realm="${endpoint.name}"` });
  return plain(
    401,
    'Unauthorized',
    `The endpoint '${endpoint.name}' asks for ${what} as a bearer token.`,
    headers,
  );
}
