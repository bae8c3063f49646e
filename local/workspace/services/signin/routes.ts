import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { cloudMetadata, instanceMetadata, openIdConfiguration } from './documents.ts';
import { managedIdentityRoutes } from './managedIdentity.ts';
import { refusalBody } from './refusals.ts';
import { answerToken, type TokenForm } from './token.ts';

/** Sign-in: what Entra ID, the cloud metadata document and a managed identity endpoint answer. */
export function signinRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get('/metadata/endpoints', (request) => request.json(cloudMetadata(context.urls)));
  app.get('/:tenant/discovery/instance', (request) => request.json(instanceMetadata(context)));
  app.get('/:tenant/discovery/v2.0/keys', (request) => request.json({ keys: [context.tokens.publicKey] }));
  for (const version of ['', '/v2.0']) {
    app.get(`/:tenant${version}/.well-known/openid-configuration`, (request) =>
      request.json(openIdConfiguration(context, request.req.param('tenant'))),
    );
  }
  for (const path of ['/:tenant/oauth2/v2.0/token', '/:tenant/oauth2/token'] as const) {
    app.post(path, async (request) => {
      const answer = await answerToken(
        context,
        request.req.param('tenant'),
        formOf(await request.req.parseBody()),
      );
      request.header('cache-control', 'no-store');
      if ('granted' in answer) return request.json(answer.granted);
      return request.json(refusalBody(answer.refused, context.clock.now()), answer.refused.status);
    });
  }
  app.route('/', managedIdentityRoutes(context));
  return app;
}

function formOf(body: Readonly<Record<string, unknown>>): TokenForm {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
