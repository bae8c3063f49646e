import type { MiddlewareHandler } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../context.ts';
import { failure } from './failures.ts';

const PROVIDER = 'Microsoft.MachineLearningServices';

/** POSTs of the data planes that only look something up. */
const READING_POST =
  /\/(rundata|experiments:query|runs\/query|search|batchGetResolvedUris|full|list|sample|get-latest-versions)$/i;

/** Refuses what the caller's role does not hold, naming the missing action as ARM does. */
export function requireRights(context: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  return async (request, next) => {
    const caller = request.get('caller');
    const principal = context.principals.byObjectId(caller.subject);
    const action = actionOf(request.req.method, request.req.path);
    if (principal === undefined || !context.principals.allows(principal, action)) {
      throw failure(
        403,
        'AuthorizationFailed',
        `The client '${principal?.clientId ?? caller.subject}' with object id '${caller.subject}' does not have authorization ` +
          `to perform action '${action}' over scope '${scopeOf(context, request.req.path)}' or the scope is invalid. ` +
          'If access was recently granted, please refresh your credentials.',
      );
    }
    await next();
  };
}

/** The action Azure's roles know a request by, such as `Microsoft.MachineLearningServices/workspaces/jobs/write`. */
export function actionOf(method: string, path: string): string {
  const start = path.indexOf('/subscriptions');
  if (start !== 0) return `${PROVIDER}/workspaces/${dataPlaneActionOf(method, path)}`;
  const [, , scope, , , , ...rest] = path.slice(1).split('/');
  // What hangs on a workspace as a resource of another provider, such as an event subscription.
  const [, , providers, provider, ...extension] = rest;
  if (providers === 'providers') return `${provider}/${wordsOf(extension).join('/')}/${verbOf(method)}`;
  const words = wordsOf(rest);
  if (words.length === 0) return `Microsoft.Resources/subscriptions/${scope ? `${scope}/` : ''}read`;
  return `${PROVIDER}/${words.join('/')}/${verbOf(method)}`;
}

function wordsOf(segments: readonly string[]): string[] {
  return segments.filter((_, index) => index % 2 === 0);
}

function verbOf(method: string): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return 'read';
    case 'DELETE':
      return 'delete';
    case 'POST':
      return 'action';
    default:
      return 'write';
  }
}

function dataPlaneActionOf(method: string, path: string): string {
  const reads = method === 'GET' || method === 'HEAD' || (method === 'POST' && READING_POST.test(path));
  const area = /\/mlflow\/(registered-models|model-versions)\//.test(path) ? 'models' : 'experiments/runs';
  return `${area}/${reads ? 'read' : 'write'}`;
}

function scopeOf(context: WorkspaceContext, path: string): string {
  return path.startsWith('/subscriptions') ? path : workspaceId(context.identity);
}
