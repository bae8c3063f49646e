import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { DevOpsContext, DevOpsEnv } from '../context.ts';

interface OidcRoutes {
  /** What a token service reads to check a token. */
  readonly keys: Hono<DevOpsEnv>;
  /** Where a job asks for a token that stands for a service connection. */
  readonly request: Hono<DevOpsEnv>;
}

/** Workload identity federation as Azure DevOps offers it to a job. */
export function oidcRoutes(context: DevOpsContext): OidcRoutes {
  const keys = new Hono<DevOpsEnv>();
  keys.get('/.well-known/openid-configuration', (request) => {
    const issuer = new URL(request.req.url).origin;
    return request.json({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'nbf', 'jti'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    });
  });
  keys.get('/.well-known/jwks', async (request) => request.json({ keys: await context.signer.keys() }));

  const request = new Hono<DevOpsEnv>();
  request.post('/hubs/:hub/plans/:planId/jobs/:jobId/oidctoken', async (call) => {
    const { planId, jobId } = call.req.param();
    const job = call.get('job');
    if (job.planId !== planId || job.jobId !== jobId) {
      throw new HTTPException(403, { message: 'The token belongs to another job.' });
    }
    const wanted = call.req.query('serviceConnectionId')?.toLowerCase();
    const connection = context.connections.find((one) => one.id.toLowerCase() === wanted);
    if (!connection)
      throw new HTTPException(404, { message: `There is no service connection '${wanted ?? ''}'.` });
    const subject = `sc://${context.organization}/${context.project.name}/${connection.name}`;
    const more = { org_id: context.organization, prj_id: context.project.id, rpl_id: planId, job_id: jobId };
    const oidcToken = await context.signer.sign({ subject, more }, new URL(call.req.url).origin);
    return call.json({ oidcToken });
  });
  return { keys, request };
}
