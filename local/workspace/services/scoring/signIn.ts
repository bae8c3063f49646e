import { createHash, timingSafeEqual } from 'node:crypto';
import type { StoredEndpoint } from '../onlineEndpoints/documents.ts';
import { endpointAudience } from '../onlineEndpoints/keys.ts';
import type { Online } from '../onlineEndpoints/online.ts';

const SCORE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action';

/** Whether the credential in the Authorization header opens this endpoint; which kind it takes is its auth mode. */
export async function mayScore(
  online: Online,
  endpoint: StoredEndpoint,
  header: string | undefined,
): Promise<boolean> {
  const credential = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (credential === undefined) return false;
  switch (endpoint.authMode) {
    case 'Key':
      return [endpoint.keys.primary, endpoint.keys.secondary].some((key) => isSame(key, credential));
    case 'AMLToken':
      return (
        (await online.context.tokens.verify(credential))?.audience === endpointAudience(online, endpoint.name)
      );
    case 'AADToken':
      return mayScoreByRole(online, credential);
  }
}

/** The audience of directory tokens for scoring: Azure ML itself, as each cloud spells it; not the resource manager. */
const MACHINE_LEARNING = /^https:\/\/ml\.azure\.[a-z.]+\/?$/;

/** A token of the directory, for a principal whose role may score. */
async function mayScoreByRole(online: Online, credential: string): Promise<boolean> {
  const { tokens, principals } = online.context;
  const claims = await tokens.verify(credential);
  if (!claims || claims.runId !== undefined || !MACHINE_LEARNING.test(claims.audience)) return false;
  const principal = principals.byObjectId(claims.subject);
  return principal !== undefined && principals.allows(principal, SCORE);
}

/** Compared by hash, so that neither length nor content shows in the time it takes. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
