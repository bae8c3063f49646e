import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { checkAnswer, checkFunctionAnswer } from '../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';

describe('The embedded workspace', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace({
      identity: { resourceGroup: 'Team-Group', workspaceName: 'Team-WS' },
    });
  });
  after(() => workspace.stop());

  const get = (path: string, token?: false | string) =>
    workspace.send('GET', path, token === undefined ? {} : { token });

  it('answers the workspace alone and in both lists, as published', async () => {
    const { subscriptionId } = workspace.address;
    const alone = await get(`${workspace.id}?${VERSION}`);
    assert.deepEqual(checkAnswer('workspaces', alone.json), []);
    assert.equal(alone.json.id, workspace.id);
    const provider = 'providers/Microsoft.MachineLearningServices/workspaces';
    for (const scope of [
      `/subscriptions/${subscriptionId}`,
      `/subscriptions/${subscriptionId}/resourceGroups/Team-Group`,
    ]) {
      assert.deepEqual((await get(`${scope}/${provider}?${VERSION}`)).json, { value: [alone.json] });
    }
    const keys = await workspace.send('POST', `${workspace.id}/listKeys?${VERSION}`);
    assert.deepEqual(checkFunctionAnswer('workspaces', 'listKeys', keys.json), []);
  });

  it('answers under the names of this machine only, so that no page on the web can pass for it', async () => {
    const statusFor = async (host: string): Promise<string> => {
      const url = new URL(workspace.address.apiUrl);
      const socket = tls.connect({
        port: Number(url.port),
        host: '127.0.0.1',
        ca: workspace.ca,
        servername: 'localhost',
      });
      const token = await workspace.token();
      socket.write(
        `GET ${workspace.id}?${VERSION} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      );
      const [first] = (await text(socket)).split('\r\n');
      return String(first?.split(' ')[1]);
    };
    for (const host of ['localhost', 'localhost:1', '127.0.0.1:1', '[::1]', 'a.localhost'])
      assert.equal(await statusFor(host), '200', host);
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.evil.example'])
      assert.equal(await statusFor(host), '421', host);
  });

  it('names the data planes in its discovery document, without a token', async () => {
    const { properties } = (await get(`${workspace.id}?${VERSION}`)).json;
    const discovery = await get(properties.discoveryUrl, false);
    assert.equal(discovery.json.api, workspace.address.apiUrl);
    assert.equal(discovery.json.history, workspace.address.apiUrl);
  });

  it('refuses a request without a token, with a foreign one, and with an expired one', async () => {
    const refused = [
      [await get(`${workspace.id}?${VERSION}`, false), 'AuthenticationFailed'],
      [await get(`${workspace.id}?${VERSION}`, 'eyJhbGciOiJub25lIn0.e30.'), 'InvalidAuthenticationToken'],
    ] as const;
    for (const [answer, code] of refused) {
      assert.equal(answer.status, 401);
      assert.equal(answer.json.error.code, code);
      assert.match(
        String(answer.headers['www-authenticate']),
        /^Bearer authorization_uri="https:\/\/localhost/,
      );
    }
  });

  it('compares path words and names without case, and answers with its own spelling', async () => {
    const lower = await get(`${workspace.id.toLowerCase()}/DATASTORES/workspaceblobstore?${VERSION}`);
    assert.equal(lower.status, 200, lower.text);
    assert.equal(lower.json.id, `${workspace.id}/datastores/workspaceblobstore`);
  });

  it('asks for an api-version and takes any', async () => {
    const without = await get(workspace.id);
    assert.equal(without.status, 400);
    assert.equal(without.json.error.code, 'MissingApiVersionParameter');
    assert.equal((await get(`${workspace.id}?api-version=2031-01-01-preview`)).status, 200);
  });

  it('tells a wrong subscription, resource group and workspace apart', async () => {
    const { subscriptionId } = workspace.address;
    const wrong = [
      [workspace.id.replace(subscriptionId, randomUUID()), 404, 'SubscriptionNotFound'],
      [workspace.id.replace(subscriptionId, 'mine'), 400, 'InvalidSubscriptionId'],
      [workspace.id.replace('Team-Group', 'other'), 404, 'ResourceGroupNotFound'],
      [workspace.id.replace('Team-WS', 'other'), 404, 'ResourceNotFound'],
    ] as const;
    for (const [id, status, code] of wrong) {
      const answer = await get(`${id}/models?${VERSION}`);
      assert.equal(answer.status, status);
      assert.equal(answer.json.error.code, code);
    }
    const dataPlane = await get(`/history/v1.0${workspace.id.replace('Team-WS', 'other')}/runs/r`);
    assert.equal(dataPlane.json.error.code, 'ResourceNotFound');
  });

  it('puts request ids on every answer and the whole envelope on every error', async () => {
    const correlation = randomUUID();
    const answer = await workspace.send('GET', `${workspace.id}/nothing/here?${VERSION}`, {
      headers: { 'x-ms-correlation-request-id': correlation },
    });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers['x-ms-correlation-request-id'], correlation);
    assert.match(String(answer.headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
    const { error } = answer.json;
    assert.equal(error.code, 'NotFound');
    assert.deepEqual(
      error.additionalInfo.map((one: { type: string }) => one.type),
      ['ComponentName', 'Correlation', 'Environment', 'Location', 'Time'],
    );
    const refused = await get(`${workspace.id}?${VERSION}`, false);
    assert.match(String(refused.headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
  });

  it('refuses names that would climb out of their place', async () => {
    for (const name of ['..', '%2e%2e', '..%2f..%2fetc', 'a%5cb', 'a%00b']) {
      const answer = await workspace.send('PUT', `${workspace.id}/models/${name}/versions/1?${VERSION}`, {
        body: { properties: { modelUri: 'azureml://datastores/d/paths/x' } },
      });
      assert.ok(answer.status === 400 || answer.status === 404, `${name}: ${answer.status}`);
    }
    assert.deepEqual((await get(`${workspace.id}/models?${VERSION}`)).json.value, []);
  });

  it('answers an unknown operation as not found', async () => {
    const { subscriptionId, location } = workspace.address;
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}`;
    for (const kind of ['mfeOperationsStatus', 'mfeOperationResults']) {
      assert.equal((await get(`${path}/${kind}/oe:x:y?${VERSION}`)).status, 404);
    }
  });

  it('lists the actions that its roles know', async () => {
    const { json } = await get(`/providers/Microsoft.MachineLearningServices/operations?${VERSION}`);
    const names = json.value.map(({ name }: { name: string }) => name.replace(/^[^/]+\//, ''));
    for (const name of [
      'workspaces/models/versions/read',
      'registries/write',
      'workspaces/connections/listSecrets/action',
    ])
      assert.ok(names.includes(name), name);
  });

  it('that was made at start is not replaced by a request', async () => {
    const answer = await workspace.send('PUT', `${workspace.id}?${VERSION}`, { body: { location: 'x' } });
    assert.equal(answer.status, 409);
  });

  it('listens on the loopback interface only', async () => {
    const { port } = new URL(workspace.address.apiUrl);
    const reachable = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = net.connect(Number(port), host, () => resolve(true));
        socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
      });
    assert.equal(await reachable('127.0.0.1'), true);
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of others.filter((one) => !one.internal))
      assert.equal(await reachable(address), false);
  });
});
