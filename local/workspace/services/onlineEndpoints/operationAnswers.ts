import type { Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import { operationHeaders } from '../../server/operations.ts';

/** A PUT is followed by its operation: a poller that is given the final answer at once reads a deployment wrongly. */
export function answerPut(
  request: Context<WorkspaceEnv>,
  { created, statusUrl }: { readonly created: boolean; readonly statusUrl: string },
  body: object,
): Response {
  return request.json(body, created ? 201 : 200, withoutHeader(statusUrl, 'location'));
}

/** PATCH, DELETE and actions are followed by a location that answers 202 until they are done. */
export function answerAccepted(request: Context<WorkspaceEnv>, statusUrl: string): Response {
  return request.body(null, 202, withoutHeader(statusUrl, 'azure-asyncoperation'));
}

function withoutHeader(statusUrl: string, left: string): Record<string, string> {
  return Object.fromEntries(Object.entries(operationHeaders(statusUrl)).filter(([name]) => name !== left));
}
