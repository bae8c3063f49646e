import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';
import { asSeconds, atMost, median, type Bench } from './figure.ts';
import { inFolder, startWorkspaceProcess } from './workspaceProcess.ts';

const VERSIONS = 10_000;
const AT_ONCE = 16;
const ROUNDS = 5;
const LONGEST_IN_MS = 1000;
const API_VERSION = '2025-12-01';

/** A long list of model versions, read page by page as clients do. */
export const modelList: Bench = {
  name: 'model-list',
  title: 'Listing models in the embedded workspace',
  measure: () =>
    inFolder(async (folder) => {
      const workspace = await startWorkspaceProcess(folder);
      try {
        const send = await signedIn(workspace.address);
        await fill(workspace.address, send);
        const times = [];
        for (let round = 0; round < ROUNDS; round += 1) times.push(await list(workspace.address, send));
        const most = `${VERSIONS.toLocaleString('en')} versions listed, paged, median of ${ROUNDS}`;
        return [atMost(most, median(times), LONGEST_IN_MS, asSeconds)];
      } finally {
        await workspace.stop();
      }
    }),
};

type Send = (method: string, url: string, body?: string, type?: string) => Promise<Record<string, unknown>>;

async function fill(address: WorkspaceAddress, send: Send): Promise<void> {
  const numbers = Array.from({ length: VERSIONS }, (_, index) => index + 1).values();
  const body = JSON.stringify({
    properties: {
      modelType: 'custom_model',
      modelUri: 'azureml://datastores/workspaceblobstore/paths/models/diabetes/model.pkl',
      tags: { sample: 'diabetes' },
      properties: { 'delivery.sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    },
  });
  const worker = async (): Promise<void> => {
    for (const number of numbers) await send('PUT', versionsUrl(address, `/${number}`), body);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function list(address: WorkspaceAddress, send: Send): Promise<number> {
  const started = performance.now();
  let count = 0;
  let next: unknown = versionsUrl(address, '');
  while (typeof next === 'string') {
    const page = await send('GET', next);
    count += (page['value'] as readonly unknown[]).length;
    next = page['nextLink'];
  }
  if (count !== VERSIONS) throw new Error(`${count} versions were listed instead of ${VERSIONS}.`);
  return performance.now() - started;
}

function versionsUrl(address: WorkspaceAddress, rest: string): string {
  return (
    `${address.apiUrl}/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${address.workspaceName}` +
    `/models/diabetes/versions${rest}?api-version=${API_VERSION}`
  );
}

async function signedIn(address: WorkspaceAddress): Promise<Send> {
  const agent = new https.Agent({ ca: await readFile(address.caFile), keepAlive: true });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  });
  const url = `${address.apiUrl}/${address.tenantId}/oauth2/v2.0/token`;
  const type = 'application/x-www-form-urlencoded';
  const answer = await exchange(agent, {
    method: 'POST',
    url,
    body: form.toString(),
    headers: { 'content-type': type },
  });
  const headers = {
    authorization: `Bearer ${String(answer['access_token'])}`,
    'content-type': 'application/json',
  };
  return (method, to, body) => exchange(agent, { method, url: to, body, headers });
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function exchange(
  agent: https.Agent,
  { method, url, body, headers }: Sent,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isFine = (response.statusCode ?? 0) < 300;
        if (isFine) resolve(JSON.parse(text) as Record<string, unknown>);
        else reject(new Error(`${method} ${url} was answered ${response.statusCode}: ${text}`));
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
