import type { MiddlewareHandler } from 'hono';
import type { WorkspaceEnv } from '../context.ts';
import { failure } from './failures.ts';

/** The names this machine has for itself, which are also those of the certificate. */
const OWN_NAME = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** Refuses requests under other names: a page on the web may point a name of its own at the loopback address. */
export function requireOwnName(): MiddlewareHandler<WorkspaceEnv> {
  return async (request, next) => {
    const host = request.req.header('host');
    if (host !== undefined && !OWN_NAME.test(host))
      throw failure(
        421,
        'MisdirectedRequest',
        `The embedded workspace does not answer for the host '${host}'.`,
      );
    await next();
  };
}
