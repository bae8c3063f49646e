import type { MiddlewareHandler } from 'hono';
import type { WorkspaceContext, WorkspaceEnv, WorkspaceIdentity } from '../context.ts';
import { failure } from './failures.ts';

const WORKSPACE_TYPE = 'Microsoft.MachineLearningServices/workspaces';
/** A workspace that is made is not there yet; to end one that is not there does no harm. */
const MAKING = /^(?:PUT|DELETE)$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses requests for another subscription, resource group or workspace, and ARM requests without an api-version. */
export function requireScope(context: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  return async (request, next) => {
    const path = request.req.path;
    const start = path.indexOf('/subscriptions');
    if (start === 0 && !request.req.query('api-version')) throw missingApiVersion();
    if (start >= 0)
      checkScope(
        path
          .slice(start + 1)
          .split('/')
          .map(decode),
        context.identity,
        MAKING.test(request.req.method),
      );
    await next();
  };
}

function checkScope(segments: readonly string[], identity: WorkspaceIdentity, makes: boolean): void {
  const [, subscription, groups, group, , , type, workspace, ...below] = segments;
  if (subscription === undefined) return;
  if (!GUID.test(subscription)) {
    throw failure(
      400,
      'InvalidSubscriptionId',
      `The subscription identifier '${subscription}' is not a GUID.`,
    );
  }
  if (subscription !== identity.subscriptionId) {
    throw failure(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  if (groups !== 'resourceGroups' || group === undefined) return;
  if (group !== identity.resourceGroup) {
    throw failure(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  if (type !== 'workspaces' || workspace === undefined || workspace === identity.workspaceName) return;
  if (makes && below.length === 0) return;
  throw failure(
    404,
    'ResourceNotFound',
    `The resource '${WORKSPACE_TYPE}/${workspace}' under resource group '${group}' was not found.`,
  );
}

function missingApiVersion(): Error {
  return failure(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
