import { Hono, type Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import { Members, readBody } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { AuthMode, StoredEndpoint } from './documents.ts';
import { findEndpoint, newKey } from './endpointOperations.ts';
import { normalName } from './names.ts';
import type { Online } from './online.ts';
import { answerAccepted } from './operationAnswers.ts';
import { scoringAddress } from './render.ts';

/** Azure's tokens for scoring live for hours and are to be renewed well before they end. */
const TOKEN_LIFETIME_IN_S = 8 * 3600;
const REFRESH_AFTER_IN_S = 4 * 3600;

/** Keys and tokens of endpoints. */
export function keyRoutes(online: Online, endpointPath: string): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const found = (request: Context<WorkspaceEnv>) =>
    findEndpoint(online, normalName(request.req.param('endpoint') ?? ''));
  app.post(`${endpointPath}/listKeys`, (request) => {
    const { keys } = requireMode(found(request), 'Key', 'keys');
    return request.json({ primaryKey: keys.primary, secondaryKey: keys.secondary });
  });
  app.post(`${endpointPath}/regenerateKeys`, async (request) => {
    const endpoint = requireMode(found(request), 'Key', 'keys');
    const body = new Members(await readBody(request), 'body');
    const keyType = body.needed('keyType', body.word('keyType', ['Primary', 'Secondary'] as const));
    const which = keyType === 'Primary' ? 'primary' : 'secondary';
    const statusUrl = await regenerate(online, endpoint, which, body.text('keyValue'));
    return answerAccepted(request, statusUrl);
  });
  app.post(`${endpointPath}/token`, async (request) =>
    request.json(
      await issueToken(
        online,
        requireMode(found(request), 'AMLToken', 'tokens'),
        request.get('caller').subject,
      ),
    ),
  );
  return app;
}

/** The audience of a token that is good for one endpoint only. */
export function endpointAudience(online: Pick<Online, 'context'>, endpoint: string): string {
  return scoringAddress(online.context, endpoint);
}

/** azure-ai-ml sends the key there is when it wants another one. */
function regenerate(
  online: Online,
  { name, keys }: StoredEndpoint,
  which: 'primary' | 'secondary',
  wanted: string | undefined,
): Promise<string> {
  const isNew = wanted !== undefined && wanted !== '' && wanted !== keys[which];
  return online.begin.changeKeys({ endpoint: name, keys: { [which]: isNew ? wanted : newKey() } });
}

async function issueToken(online: Online, endpoint: StoredEndpoint, subject: string): Promise<object> {
  const { tokens, clock } = online.context;
  const audience = endpointAudience(online, endpoint.name);
  const accessToken = await tokens.issue({ audience, subject, lifetimeInSeconds: TOKEN_LIFETIME_IN_S });
  const now = Math.floor(clock.now().getTime() / 1000);
  return {
    accessToken,
    tokenType: 'Bearer',
    expiryTimeUtc: now + TOKEN_LIFETIME_IN_S,
    refreshAfterTimeUtc: now + REFRESH_AFTER_IN_S,
  };
}

function requireMode(endpoint: StoredEndpoint, mode: AuthMode, what: string): StoredEndpoint {
  if (endpoint.authMode === mode) return endpoint;
  throw userError(
    `The endpoint '${endpoint.name}' has the auth mode ${endpoint.authMode}, so it has no ${what} of its own.`,
  );
}
