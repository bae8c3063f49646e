import type { MiddlewareHandler } from 'hono';
import type { Caller, WorkspaceContext, WorkspaceEnv } from '../context.ts';
import { armError } from './answers.ts';

/** Lets a request pass that carries a bearer token of this workspace; any other is answered 401 as ARM does. */
export function requireToken(context: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  return async (request, next) => {
    const header = request.req.header('authorization');
    const caller = await callerOf(context, header);
    if (caller === undefined) return unauthorized(context, header !== undefined, request.get('requestId'));
    request.set('caller', caller);
    return next();
  };
}

async function callerOf(context: WorkspaceContext, header: string | undefined): Promise<Caller | undefined> {
  const token = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  const claims = token === undefined ? undefined : await context.tokens.verify(token);
  const principal = claims && context.principals.byObjectId(claims.subject);
  return claims && principal && isMeant(claims.audience) ? { ...claims, name: principal.name } : undefined;
}

/** azure-ai-ml 1.35 asks for this one when it shares with a registry, whatever its cloud. */
const RESOURCE_MANAGER = /^https:\/\/management\.azure\.com\/*$/;
/** Azure ML's own audience, as each cloud spells it. */
const MACHINE_LEARNING = /^https:\/\/ml\.azure\.[a-z.]+\/?$/;

/** Whether a token was issued for this workspace, and not for one endpoint of it, for storage or for anything else. */
function isMeant(audience: string): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined;
  if (url === undefined) return false;
  const isHere = /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname);
  // Some clients double the slash before `.default`.
  return (
    (isHere && /^\/*$/.test(url.pathname)) ||
    MACHINE_LEARNING.test(audience) ||
    RESOURCE_MANAGER.test(audience)
  );
}

function unauthorized(context: WorkspaceContext, tokenGiven: boolean, requestId: string): Response {
  const reply = tokenGiven
    ? {
        status: 401 as const,
        code: 'InvalidAuthenticationToken',
        message: 'The access token is not valid, has expired, or was issued for another audience.',
      }
    : {
        status: 401 as const,
        code: 'AuthenticationFailed',
        message: "The request has no 'Authorization' header.",
      };
  const authority = `${context.urls.api}/${context.identity.tenantId}`;
  const challenge = `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${reply.message}"`;
  return Response.json(armError(reply, context, requestId), {
    status: reply.status,
    headers: { 'www-authenticate': challenge },
  });
}
