import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { messageOf, Problem, Problems } from '../../shared/problem/index.ts';
import { approvalRoutes } from './approvals/routes.ts';
import { buildRoutes } from './build/routes.ts';
import { listOf, type DevOpsContext, type DevOpsEnv } from './context.ts';
import { locationsOf } from './locations.ts';
import { oidcRoutes } from './oidc/routes.ts';
import { releaseApprovalRoutes } from './release/approvalRoutes.ts';
import { releaseAttachmentRoutes } from './release/attachmentRoutes.ts';
import { creationRoutes } from './release/creation.ts';
import { definitionRoutes } from './release/definitionRoutes.ts';
import { releaseRoutes } from './release/routes.ts';
import { stageRoutes } from './release/stageRoutes.ts';
import { taskRoutes } from './tasks/routes.ts';
import { webhookRoutes } from './tasks/webhookRoutes.ts';

/** Request in, response out: the REST API below `/{organization}`, and the public keys of the token signer. */
export function createDevOpsApp(context: DevOpsContext): Hono<DevOpsEnv> {
  const app = new Hono<DevOpsEnv>();
  app.onError((error, request) => {
    const isTheirs = error instanceof Problem || error instanceof Problems;
    const status = error instanceof HTTPException ? error.status : isTheirs ? 400 : 500;
    return request.json(failure(messageOf(error)), status as ContentfulStatusCode);
  });
  app.notFound((request) => request.json(failure(`Nothing is served at ${request.req.path}.`), 404));
  app.route('/', oidcRoutes(context).keys);

  const api = new Hono<DevOpsEnv>();
  if (context.webhooks) api.route('/', webhookRoutes(context.webhooks));
  api.use('*', async (request, next) => {
    const job = context.tokens.jobOf(tokenIn(request.req.header('Authorization') ?? ''));
    if (!job) throw new HTTPException(401, { message: 'The token is not that of a running job.' });
    request.set('job', job);
    await next();
  });
  api.on('OPTIONS', '/_apis/:area?', (request) =>
    request.json(listOf(locationsOf(request.req.param('area')))),
  );
  // No areas: everything is served below the collection, as on a server of one's own.
  api.get('/_apis/ResourceAreas', (request) => request.json(listOf([])));
  const project = new Hono<DevOpsEnv>();
  project.use('*', async (request, next) => {
    const wanted = decodeURIComponent(request.req.param('project') ?? '').toLowerCase();
    const { id, name } = context.project;
    if (wanted !== id && wanted !== name.toLowerCase()) {
      throw new HTTPException(404, { message: `There is no project '${wanted}'.` });
    }
    await next();
  });
  project.route('/build', buildRoutes(context));
  project.route('/pipelines/approvals', approvalRoutes(context));
  if (context.releases) {
    // Clients write the area in either case.
    const rooms = [
      releaseRoutes,
      creationRoutes,
      stageRoutes,
      releaseApprovalRoutes,
      releaseAttachmentRoutes,
      definitionRoutes,
    ];
    for (const area of ['/Release', '/release'])
      for (const room of rooms) project.route(area, room(context, context.releases));
  }
  project.route('/distributedtask', oidcRoutes(context).request);
  project.route('/distributedtask', taskRoutes(context));
  api.route('/:project/_apis', project);
  app.route(`/${encodeURIComponent(context.organization)}`, api);
  return app;
}

/** A token comes as a bearer, or as the password of basic authentication. */
function tokenIn(header: string): string {
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** The envelope of every failure. */
function failure(message: string): object {
  return {
    $id: '1',
    innerException: null,
    message,
    typeName: 'Error',
    typeKey: 'Error',
    errorCode: 0,
    eventId: 3000,
  };
}
