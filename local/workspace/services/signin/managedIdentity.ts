import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { Principal, Principals } from './principals.ts';

/** Where App Service's form of managed identity is answered; `IDENTITY_ENDPOINT` is this address. */
export const MANAGED_IDENTITY_PATH = '/msi/token';

/** What `IDENTITY_HEADER` must hold: proof that the caller may read this user's files, as the secret itself is. */
export function identityHeaderOf(principal: Principal): string {
  return createHash('sha256')
    .update(`managed identity ${principal.objectId} ${principal.secrets?.[0] ?? ''}`)
    .digest('hex');
}

/** The principal a machine's own identity stands for: the first that may do everything. */
export function machineIdentity(principals: Principals): Principal | undefined {
  return principals.all().find((principal) => principal.role === 'contributor' && principal.secrets?.length);
}

/** The managed identity endpoint in the form that App Service has. */
export function managedIdentityRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get(MANAGED_IDENTITY_PATH, async (request) => {
    const principal = machineIdentity(context.principals);
    const asked = request.req.query('client_id') ?? request.req.query('clientid');
    const resource = request.req.query('resource');
    if (!principal || !sameText(request.req.header('x-identity-header'), identityHeaderOf(principal))) {
      return request.json({ statusCode: 401, message: 'The X-IDENTITY-HEADER is missing or wrong.' }, 401);
    }
    if (!resource)
      return request.json({ statusCode: 400, message: "The parameter 'resource' is missing." }, 400);
    if (asked && asked.toLowerCase() !== principal.clientId.toLowerCase()) {
      return request.json(
        { statusCode: 400, message: `No managed identity with client id '${asked}' was found.` },
        400,
      );
    }
    const lifetimeInSeconds = context.signIn.tokenLifetimeInSeconds;
    const token = await context.tokens.issue({
      audience: resource,
      subject: principal.objectId,
      lifetimeInSeconds,
    });
    const expiresOn = Math.floor(context.clock.now().getTime() / 1000) + lifetimeInSeconds;
    return request.json({
      access_token: token,
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: principal.clientId,
    });
  });
  return app;
}

function sameText(given: string | undefined, expected: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
