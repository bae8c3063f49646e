import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv, WorkspaceService } from '../context.ts';
import { meetFaults } from '../faults/meet.ts';
import { addActionList } from './actionList.ts';
import { ADMIN_PATH, requireAdmin } from './admin.ts';
import { answerFailure } from './answers.ts';
import { requireToken } from './callers.ts';
import { failure } from './failures.ts';
import { requireOwnName } from './hosts.ts';
import { operationsRoutes } from './operations.ts';
import { canonicalPathOf } from './paths.ts';
import { requireReach } from '../services/runs/reach.ts';
import { requireRights } from './rights.ts';
import { requireScope } from './scope.ts';

/** The whole workspace as one handler from request to response; it needs no port. */
export function createApp(
  context: WorkspaceContext,
  services: readonly WorkspaceService[],
  used: () => void = () => undefined,
): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>({ getPath: canonicalPathOf(context) });
  app.onError((error, request) => answerFailure(error, context, request));
  app.notFound((request) =>
    answerFailure(noSuchOperation(request.req.method, request.req.path), context, request),
  );
  app.use(requireOwnName());
  app.use(meetFaults(context));
  app.use(async (request, next) => {
    used();
    const requestId = crypto.randomUUID();
    request.set('requestId', requestId);
    await next();
    const { headers } = request.res;
    headers.set('x-ms-request-id', requestId);
    headers.set(
      'x-ms-correlation-request-id',
      request.req.header('x-ms-correlation-request-id') ?? requestId,
    );
    const clientRequestId = request.req.header('x-ms-client-request-id');
    if (clientRequestId !== undefined) headers.set('x-ms-client-request-id', clientRequestId);
  });
  app.use(`${ADMIN_PATH}*`, requireAdmin(context));
  for (const { adminRoutes } of services) if (adminRoutes) app.route('/', adminRoutes(context));
  mount(app, context, services, true);
  app.use(requireToken(context), requireScope(context), requireRights(context), requireReach(context));
  app.route('/', operationsRoutes(context));
  mount(app, context, services, false);
  addActionList(app);
  return app;
}

function mount(
  app: Hono<WorkspaceEnv>,
  context: WorkspaceContext,
  services: readonly WorkspaceService[],
  ownSignIn: boolean,
): void {
  for (const service of services) {
    if ((service.ownSignIn ?? false) === ownSignIn) app.route('/', service.routes(context));
  }
}

function noSuchOperation(method: string, path: string): Error {
  return failure(404, 'NotFound', `The embedded workspace has no operation ${method} ${path}.`);
}
