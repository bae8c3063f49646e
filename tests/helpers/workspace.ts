import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startWorkspace, type RunningWorkspace, type WorkspaceOptions } from '../../local/workspace/index.ts';

/** An embedded workspace in this process and a folder of its own. */
export interface TestWorkspace extends RunningWorkspace {
  readonly dataFolder: string;
  /** The workspace's ARM id. */
  readonly id: string;
  /** The authority's certificate, as PEM. */
  readonly ca: string;
  /** A bearer token of the principal that may do everything, or of the one that may only read. */
  token(as?: 'owner' | 'reader'): Promise<string>;
  /** Sends a request with the owner's token, or the admin token below `/admin`; paths that start with `/` are below the workspace's address. */
  send(method: string, url: string, options?: SendOptions): Promise<Answer>;
}

interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** false: no token is sent. */
  readonly token?: string | false;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when there is none. */
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

/** Starts a workspace whose folder is removed when it stops. Give `dataFolder` to start on one that exists and is kept. */
export async function startTestWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<TestWorkspace> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'workspace-')));
  const running = await startWorkspace({ ...options, dataFolder });
  const { address } = running;
  const ca = await readFile(address.caFile, 'utf8');
  const agent = new https.Agent({ ca, keepAlive: true });
  const tokens = new Map<string, Promise<string>>();
  const token = (as: 'owner' | 'reader' = 'owner') => {
    const known = tokens.get(as) ?? signIn(agent, running, as);
    tokens.set(as, known);
    return known;
  };
  return {
    ...running,
    dataFolder,
    ca,
    id:
      `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}` +
      `/providers/Microsoft.MachineLearningServices/workspaces/${address.workspaceName}`,
    token,
    send: async (method, url, sending = {}) => {
      const bearer = sending.token ?? (url.startsWith('/admin/') ? address.adminToken : await token());
      const headers = {
        ...(bearer === false ? {} : { authorization: `Bearer ${bearer}` }),
        ...sending.headers,
      };
      const full = url.startsWith('/') ? `${address.apiUrl}${url}` : url;
      return exchange(agent, { method, url: full, headers, body: sending.body });
    },
    stop: async () => {
      agent.destroy();
      await running.stop();
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function signIn(
  agent: https.Agent,
  { address }: RunningWorkspace,
  as: 'owner' | 'reader',
): Promise<string> {
  const principal = as === 'owner' ? address : address.reader;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: principal.clientId,
    client_secret: principal.clientSecret,
    scope: `${address.apiUrl}/.default`,
  }).toString();
  const url = `${address.apiUrl}/${address.tenantId}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await exchange(agent, { method: 'POST', url, headers, body });
  return String(answer.json.access_token);
}

/** Names below `localhost` mean this machine (RFC 6761), also where its resolver does not know them. */
const toLoopback: net.LookupFunction = (_name, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function exchange(agent: https.Agent, { method, url, headers, body }: Sent): Promise<Answer> {
  const isText = typeof body === 'string' || body === undefined;
  const text = isText ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = https.request(url, {
      method,
      agent,
      lookup: toLoopback,
      headers: {
        ...(isText ? {} : { 'content-type': 'application/json' }),
        // Node sends the body of a DELETE without any length unless told.
        ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
        ...headers,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const received = Buffer.concat(chunks).toString();
        const isJson = String(response.headers['content-type']).includes('json');
        const json: unknown = isJson && received ? JSON.parse(received) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received, json });
      });
    });
    request.end(text);
  });
}
