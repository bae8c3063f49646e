import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { cloudMetadata, openIdConfiguration } from './documents.ts';

/** Sign-in: what Entra ID, the cloud metadata document and a managed identity endpoint answer. */
export function signinRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get('/metadata/endpoints', (request) => request.json(cloudMetadata(context.urls)));
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (request) =>
    request.json(openIdConfiguration(context, request.req.param('tenant'))),
  );
  app.post('/:tenant/oauth2/v2.0/token', async (request) => {
    const form = await request.req.parseBody();
    const principal = context.principals.byClientId(String(form.client_id));
    if (principal === undefined || !principal.secrets?.includes(String(form.client_secret))) {
      return request.json(
        { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' },
        401,
      );
    }
    const audience = String(form.scope).replace(/\/\.default$/, '');
    const token = await context.tokens.issue({
      audience,
      subject: principal.objectId,
      lifetimeInSeconds: 3600,
    });
    return request.json({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: token,
    });
  });
  return app;
}
