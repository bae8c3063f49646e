import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { WorkspaceAddress } from '../../../local/workspace/address.ts';

const API_VERSION = '2025-12-01';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- looked into member by member
}

/** A client of one life of the workspace. Requests reject when the connection ends before the answer. */
export interface Client {
  readonly address: WorkspaceAddress;
  /** A path below the workspace, such as `models/m`, or beside it: `registries/r`, `workspaces/w`; or below a data plane, such as `/mlflow/v2.0`. */
  send(method: string, at: string, body?: unknown, token?: string): Promise<Reply>;
  /** An address as an answer gave it. */
  follow(url: string): Promise<Reply>;
  blob(method: string, url: string, body?: string): Promise<Reply>;
  close(): void;
}

export async function connect(address: WorkspaceAddress): Promise<Client> {
  const agent = new https.Agent({ ca: await readFile(address.caFile), keepAlive: true, lookup: toLoopback });
  const workspace =
    `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${address.workspaceName}`;
  const headers = {
    authorization: `Bearer ${await signIn(agent, address)}`,
    'content-type': 'application/json',
  };
  const urlOf = (at: string): string => {
    const above = workspace.replace(/\/workspaces\/[^/]+$/, '');
    const path = at.startsWith('/')
      ? at.replace('{workspace}', workspace)
      : `${/^(registries|workspaces)(\/|\?|$)/.test(at) ? above : workspace}/${at}`;
    const isWhole = !path.startsWith('/subscriptions/') || path.includes('api-version=');
    return `${address.apiUrl}${path}${isWhole ? '' : `${path.includes('?') ? '&' : '?'}api-version=${API_VERSION}`}`;
  };
  return {
    address,
    send: (method, at, body, token) =>
      exchange(agent, {
        method,
        url: urlOf(at),
        headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      }),
    // Ports are kept, but an address from an earlier life may name another host's origin.
    follow: (url) =>
      exchange(agent, { method: 'GET', url: `${address.apiUrl}${pathOf(url)}`, headers, body: undefined }),
    blob: (method, url, body) =>
      exchange(agent, {
        method,
        url: `${new URL(address.blobUrl).origin}${pathOf(url)}`,
        headers: { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2021-12-02' },
        body,
      }),
    close: () => agent.destroy(),
  };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

async function signIn(agent: https.Agent, address: WorkspaceAddress): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `${address.apiUrl}/${address.tenantId}/oauth2/v2.0/token`;
  return String((await exchange(agent, { method: 'POST', url, headers, body })).json?.access_token);
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function exchange(agent: https.Agent, { method, url, headers, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body ?? '')) };
    const request = https.request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('The answer was cut off.')));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(response.headers['content-type']).includes('json') && text !== '';
        const json: unknown = isJson ? JSON.parse(text) : text;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}

const toLoopback: NonNullable<https.RequestOptions['lookup']> = (_name, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
