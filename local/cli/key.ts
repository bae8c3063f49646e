import { request } from 'undici';
import { Problem } from '../../shared/problem/index.ts';
import { workspacePathOf } from './environment.ts';
import { needRunning, type PlaceFlags } from './place.ts';
import { withSignIn } from './signIn.ts';

const API_VERSION = '2025-12-01';

/** The primary key of an endpoint of the workspace that runs here. */
export async function endpointKey(place: PlaceFlags, endpoint: string): Promise<string> {
  const { address } = await needRunning(place);
  return withSignIn(address, async ({ token, dispatcher }) => {
    const url = `${address.apiUrl}${workspacePathOf(address)}/onlineEndpoints/${encodeURIComponent(endpoint)}/listKeys?api-version=${API_VERSION}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await request(url, { method: 'POST', headers, dispatcher });
    const body = (await answer.body.json()) as { primaryKey?: string; error?: { message?: string } };
    if (body.primaryKey) return body.primaryKey;
    throw new Problem({
      code: 'not-found',
      message: body.error?.message ?? `Endpoint '${endpoint}' has no key.`,
      next: 'Check the name of the endpoint.',
    });
  });
}
