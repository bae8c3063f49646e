import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { WorkspaceAddress } from '../workspace/address.ts';

/** A way to speak to the workspace as its owner. */
export interface SignedIn {
  readonly token: string;
  readonly dispatcher: Agent;
}

/** Signs in as the workspace's owner for as long as `use` takes. */
export async function withSignIn<T>(
  address: WorkspaceAddress,
  use: (signedIn: SignedIn) => T | Promise<T>,
): Promise<T> {
  const dispatcher = new Agent({ connect: { ca: await readFile(address.caFile, 'utf8') } });
  try {
    return await use({ token: await signIn(address, dispatcher), dispatcher });
  } finally {
    await dispatcher.close();
  }
}

async function signIn(address: WorkspaceAddress, dispatcher: Agent): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await request(`${address.apiUrl}/${address.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers,
    body,
    dispatcher,
  });
  return ((await answer.body.json()) as { access_token: string }).access_token;
}
