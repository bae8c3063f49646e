import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../context.ts';
import { failure } from './failures.ts';

/** Where everything lies that Azure does not have: settings, clock and faults. */
export const ADMIN_PATH = '/admin/';

/** Lets only those pass who know the admin token, which is in the data folder; tokens of principals and jobs do not open it. */
export function requireAdmin({ adminToken }: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  const wanted = Buffer.from(`Bearer ${adminToken}`);
  return async (request, next) => {
    const given = Buffer.from(request.req.header('authorization') ?? '');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw failure(
        401,
        'AuthenticationFailed',
        "The admin endpoints need the workspace's admin token: 'adminToken' of address.json in the data folder.",
      );
    }
    await next();
  };
}
