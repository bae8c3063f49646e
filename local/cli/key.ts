import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { Problem } from '../../shared/problem/index.ts';
import { readAddress, type WorkspaceAddress } from '../workspace/address.ts';

const API_VERSION = '2025-12-01';

/** The primary key of an endpoint of the workspace that runs on this data folder. */
export async function endpointKey(dataFolder: string, endpoint: string): Promise<string> {
  const address = await readAddress(dataFolder);
  if (!address)
    throw new Problem({
      code: 'not-found',
      message: 'No embedded workspace is running here.',
      next: 'Start it with: npx azureml-local start',
    });
  const dispatcher = new Agent({ connect: { ca: await readFile(address.caFile, 'utf8') } });
  try {
    const authorization = `Bearer ${await signIn(address, dispatcher)}`;
    const url = `${address.apiUrl}${workspacePath(address)}/onlineEndpoints/${encodeURIComponent(endpoint)}/listKeys?api-version=${API_VERSION}`;
    const answer = await request(url, { method: 'POST', headers: { authorization }, dispatcher });
    const body = (await answer.body.json()) as { primaryKey?: string; error?: { message?: string } };
    if (body.primaryKey) return body.primaryKey;
    throw new Problem({
      code: 'not-found',
      message: body.error?.message ?? `Endpoint '${endpoint}' has no key.`,
      next: 'Check the name of the endpoint.',
    });
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

function workspacePath({ subscriptionId, resourceGroup, workspaceName }: WorkspaceAddress): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}`;
}
