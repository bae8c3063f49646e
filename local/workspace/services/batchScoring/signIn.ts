import type { Caller, WorkspaceContext } from '../../context.ts';
import { failure } from '../../server/failures.ts';

const JOBS = 'Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs';
/** The audience of directory tokens for invocations: Azure ML itself, as each cloud spells it; not the resource manager. */
const MACHINE_LEARNING = /^https:\/\/ml\.azure\.[a-z.]+\/?$/;

/** Who calls a batch endpoint, or a refusal: batch endpoints take tokens of the directory, whatever their auth mode says. */
export async function callerOf(
  { tokens, principals }: WorkspaceContext,
  header: string | undefined,
  verb: 'read' | 'write',
): Promise<Caller> {
  const token = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined)
    throw unauthorized("The request has no 'Authorization' header with a bearer token.");
  const claims = await tokens.verify(token);
  const principal = claims && principals.byObjectId(claims.subject);
  if (!claims || !principal || claims.runId !== undefined || !MACHINE_LEARNING.test(claims.audience)) {
    throw unauthorized(
      'The access token is not valid, has expired, or was issued for another audience than https://ml.azure.com.',
    );
  }
  if (principals.allows(principal, `${JOBS}/${verb}`)) return { ...claims, name: principal.name };
  throw failure(
    403,
    'AuthorizationFailed',
    `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${JOBS}/${verb}'.`,
  );
}

function unauthorized(message: string): Error {
  return failure(401, 'AuthenticationFailed', message);
}
