import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readAddress, type WorkspaceAddress } from '../../../local/workspace/index.ts';
import { isAlive } from '../../../local/workspace/address.ts';

const main = fileURLToPath(new URL('../../../local/workspace/main.ts', import.meta.url));

describe('The workspace as a process', () => {
  let data: string;
  const started: ChildProcess[] = [];
  beforeEach(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await ended(child, 'SIGKILL');
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  });

  const start = (...flags: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--data', data, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.push(child);
    return child;
  };

  it('writes its address for its owner only, and takes it away when it ends', async () => {
    const child = start('--resource-group', 'team', '--workspace-name', 'ws');
    const address = await addressIn(data);
    assert.equal(address.processId, child.pid);
    assert.equal(address.resourceGroup, 'team');
    assert.equal((await stat(path.join(data, 'address.json'))).mode & 0o077, 0);
    assert.ok((await bearer(address)).length > 0);
    const storage = await storageProcess(data);
    assert.equal(await ended(child, 'SIGTERM'), 0);
    assert.equal(await readAddress(data), undefined);
    assert.equal(existsSync(path.join(data, 'lock')), false);
    assert.equal(isAlive(storage), false);
  });

  it('leaves no storage behind when it is killed, and its folder can be used again', async () => {
    const child = start();
    const first = await addressIn(data);
    const storage = await storageProcess(data);
    await ended(child, 'SIGKILL');
    while (isAlive(storage)) await delay(20);
    assert.equal(await readAddress(data), undefined);
    start();
    const second = await addressIn(data);
    assert.equal(second.apiUrl, first.apiUrl);
    assert.equal(second.clientSecret, first.clientSecret);
  });

  it('has everything it acknowledged after a kill in the middle of writing', async () => {
    const child = start();
    const address = await addressIn(data);
    const token = await bearer(address);
    const acknowledged: number[] = [];
    const writing = (async () => {
      for (let version = 1; ; version += 1) {
        const status = await send(address, token, 'PUT', `models/m/versions/${version}`, {
          modelUri: `azureml://datastores/d/paths/${version}`,
        });
        if (status === 201) acknowledged.push(version);
      }
    })().catch(() => undefined);
    while (acknowledged.length < 50) await delay(5);
    await ended(child, 'SIGKILL');
    await writing;
    start();
    const again = await addressIn(data);
    for (const version of acknowledged)
      assert.equal(await send(again, token, 'GET', `models/m/versions/${version}`), 200);
  });

  it('refuses to run twice on one folder, and says which process is there', async () => {
    const first = start();
    await addressIn(data);
    const second = start();
    let said = '';
    second.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    assert.equal(await ended(second), 1);
    assert.match(said, new RegExp(`already runs .*process ${first.pid}`));
    assert.match(said, /Next: /);
  });

  it('ends by itself when nobody uses it', async () => {
    const child = start('--idle-minutes', '0');
    assert.equal(await ended(child), 0);
    assert.equal(await readAddress(data), undefined);
  });

  it('names what is wrong with its settings', async () => {
    for (const [flags, words] of [
      [['--port', 'http'], /--port is 'http'/],
      [['--what'], /--what/],
    ] as const) {
      const child = start(...flags);
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      assert.equal(await ended(child), 1);
      assert.match(said, words);
    }
    await writeFile(path.join(data, 'principals.json'), '[{"name":"x"}]');
    const child = start();
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    assert.equal(await ended(child), 1);
    assert.match(said, /principals\.json, entry 1/);
  });
});

async function addressIn(data: string): Promise<WorkspaceAddress> {
  for (;;) {
    const address = await readAddress(data);
    if (address) return address;
    await delay(20);
  }
}

function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  if (signal) child.kill(signal);
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

/** The storage process as the workspace's log names it. */
async function storageProcess(data: string): Promise<number> {
  for (;;) {
    const log = await readFile(path.join(data, 'workspace.log'), 'utf8').catch(() => '');
    const id = [...log.matchAll(/storage runs as process (\d+)/g)].at(-1)?.[1];
    if (id && log.includes('storage answers')) return Number(id);
    await delay(20);
  }
}

async function bearer(address: WorkspaceAddress): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await exchange(address, `${address.apiUrl}/${address.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers,
    body,
  });
  return (JSON.parse(answer.text) as { access_token: string }).access_token;
}

async function send(
  address: WorkspaceAddress,
  token: string,
  method: string,
  resource: string,
  properties?: object,
): Promise<number | undefined> {
  const { apiUrl, subscriptionId, resourceGroup, workspaceName } = address;
  const workspace = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = properties && JSON.stringify({ properties });
  const answer = await exchange(address, `${apiUrl}${workspace}/${resource}?api-version=2025-12-01`, {
    method,
    headers,
    body,
  });
  return answer.status;
}

interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
}

async function exchange(
  address: WorkspaceAddress,
  url: string,
  { method, headers, body }: Sent,
): Promise<{ status: number | undefined; text: string }> {
  const ca = await readFile(address.caFile, 'utf8');
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, ca }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('end', () => resolve({ status: response.statusCode, text }));
      response.once('error', reject);
    });
    request.once('error', reject).end(body);
  });
}
