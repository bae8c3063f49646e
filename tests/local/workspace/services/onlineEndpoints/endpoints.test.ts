import assert from 'node:assert/strict';
import { checkAnswer, checkFunctionAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace } from '../../../../helpers/workspace.ts';
import { startOnlineKit, type OnlineKit } from './kit.ts';

describe('online endpoints', () => {
  let kit: OnlineKit;
  before(async () => {
    kit = await startOnlineKit(await startTestWorkspace());
  });
  after(() => kit.workspace.stop());

  it('are created by an operation that a client follows', async () => {
    const { answer, operation } = await kit.endpoint('First-One', { description: 'for tests' });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['location'], undefined);
    assert.match(String(answer.headers['azure-asyncoperation']), /mfeOperationsStatus/);
    assert.equal(answer.json.properties.provisioningState, 'Creating');
    assert.equal(operation.status, 'Succeeded');
    const { json } = await kit.arm('GET', '/onlineEndpoints/first-one');
    assert.deepEqual(checkAnswer('onlineEndpoints', json), []);
    assert.equal(json.name, 'first-one');
    assert.equal(json.id, `${kit.workspace.id}/onlineEndpoints/first-one`);
    assert.equal(json.properties.provisioningState, 'Succeeded');
    assert.equal(json.properties.scoringUri, `${kit.workspace.address.apiUrl}/online/first-one/score`);
    assert.deepEqual([json.properties.traffic, json.properties.mirrorTraffic], [{}, {}]);
  });

  it('are replaced with 200, and keep their keys', async () => {
    await kit.endpoint('again');
    const key = await kit.key('again');
    const { answer } = await kit.endpoint('again', { description: 'changed' });
    assert.equal(answer.status, 200);
    assert.equal((await kit.arm('POST', '/onlineEndpoints/again/listKeys')).json.primaryKey, key);
    assert.equal((await kit.arm('GET', '/onlineEndpoints/again')).json.properties.description, 'changed');
  });

  it('are patched in tags and identity only, followed by a location', async () => {
    await kit.endpoint('patched');
    const { answer, operation } = await kit.done('PATCH', '/onlineEndpoints/patched', {
      tags: { team: 'a' },
    });
    assert.equal(answer.status, 202);
    assert.equal(answer.headers['azure-asyncoperation'], undefined);
    assert.ok(answer.headers['location'] && answer.headers['retry-after']);
    assert.equal(operation.status, 'Succeeded');
    assert.deepEqual((await kit.arm('GET', '/onlineEndpoints/patched')).json.tags, { team: 'a' });
  });

  it('are listed, by name and by tags', async () => {
    await kit.done('PUT', '/onlineEndpoints/tagged', {
      location: 'local',
      tags: { a: '1', b: '2' },
      properties: { authMode: 'key' },
    });
    const names = async (query: string) =>
      (await kit.arm('GET', `/onlineEndpoints?${query}`)).json.value.map(
        (item: { name: string }) => item.name,
      );
    assert.ok((await names('')).includes('tagged'));
    assert.deepEqual(await names('name=TAGGED'), ['tagged']);
    assert.deepEqual(await names('tags=a=1,b'), ['tagged']);
    assert.deepEqual(await names('tags=a=2'), []);
    assert.equal((await names('count=1')).length, 1);
  });

  it('are gone after they were deleted, and deleting them again is fine', async () => {
    await kit.endpoint('short-lived');
    const { answer, operation } = await kit.done('DELETE', '/onlineEndpoints/short-lived');
    assert.equal(answer.status, 202);
    assert.equal(operation.status, 'Succeeded');
    assert.equal((await kit.arm('GET', '/onlineEndpoints/short-lived')).status, 404);
    assert.equal((await kit.arm('DELETE', '/onlineEndpoints/short-lived')).status, 204);
  });

  it('have two keys, each of which can be made anew', async () => {
    await kit.endpoint('keyed');
    const { json: before } = await kit.arm('POST', '/onlineEndpoints/keyed/listKeys');
    assert.deepEqual(checkFunctionAnswer('onlineEndpoints', 'listKeys', before), []);
    // azure-ai-ml sends the key that is to go away.
    const body = { keyType: 'Primary', keyValue: before.primaryKey };
    const { answer } = await kit.done('POST', '/onlineEndpoints/keyed/regenerateKeys', body);
    assert.equal(answer.status, 202);
    const { json: after } = await kit.arm('POST', '/onlineEndpoints/keyed/listKeys');
    assert.notEqual(after.primaryKey, before.primaryKey);
    assert.equal(after.secondaryKey, before.secondaryKey);
    await kit.done('POST', '/onlineEndpoints/keyed/regenerateKeys', {
      keyType: 'Secondary',
      keyValue: 'my-own-key',
    });
    assert.equal((await kit.arm('POST', '/onlineEndpoints/keyed/listKeys')).json.secondaryKey, 'my-own-key');
  });

  it('show their keys to nobody who may only read', async () => {
    await kit.endpoint('secret');
    const token = await kit.workspace.token('reader');
    const url = `${kit.workspace.id}/onlineEndpoints/secret/listKeys?api-version=2024-10-01`;
    assert.equal((await kit.workspace.send('POST', url, { token })).status, 403);
  });

  it('with AML tokens hand out tokens instead of keys', async () => {
    await kit.endpoint('with-tokens', { authMode: 'AMLToken' });
    const { json } = await kit.arm('POST', '/onlineEndpoints/with-tokens/token');
    assert.deepEqual(checkFunctionAnswer('onlineEndpoints', 'token', json), []);
    assert.ok(json.expiryTimeUtc > json.refreshAfterTimeUtc && json.refreshAfterTimeUtc > Date.now() / 1000);
    assert.equal((await kit.arm('POST', '/onlineEndpoints/with-tokens/listKeys')).status, 400);
  });

  it('cannot have a name that somebody in the region has', async () => {
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: { takenNames: ['Taken'] } });
    const { answer } = await kit.endpoint('taken');
    assert.equal(answer.status, 400);
    assert.equal(answer.json.error.code, 'BadRequest');
    const [detail] = answer.json.error.details;
    assert.equal(detail.code, 'InferencingClientCallFailed');
    assert.match(JSON.parse(detail.message).errors[''][0], /already an endpoint with the name 'taken'/);
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: {} });
  });

  it('keep what is decided at creation', async () => {
    await kit.endpoint('fixed');
    const { answer } = await kit.endpoint('fixed', { authMode: 'AADToken' });
    assert.equal(answer.status, 400);
    assert.match(answer.json.error.message, /authMode of an existing endpoint cannot be changed/);
  });

  it('cannot be created with traffic', async () => {
    const { answer } = await kit.endpoint('eager', { traffic: { blue: 100 } });
    assert.equal(answer.status, 400);
    assert.match(answer.json.error.message, /Traffic cannot be set when an endpoint is created/);
    assert.equal((await kit.arm('GET', '/onlineEndpoints/eager')).status, 404);
  });

  it('on Kubernetes need a Kubernetes compute', async () => {
    const compute = `${kit.workspace.id}/computes/k8s`;
    assert.equal((await kit.endpoint('on-k8s', { compute })).answer.status, 404);
    const body = { location: 'local', properties: { computeType: 'Kubernetes', properties: {} } };
    await kit.done('PUT', '/computes/k8s', body);
    assert.equal((await kit.endpoint('on-k8s', { compute })).answer.status, 201);
    const { json } = await kit.arm('GET', '/onlineEndpoints/on-k8s');
    assert.equal(json.properties.compute, compute);
    assert.equal(json.kind, 'Kubernetes');
  });

  it('refuse a body with everything that is wrong in it', async () => {
    const { status, json } = await kit.arm('PUT', '/onlineEndpoints/wrong', {
      properties: { authMode: 'Magic' },
    });
    assert.equal(status, 400);
    assert.match(
      json.error.message,
      /location is required; properties.authMode must be one of Key, AMLToken, AADToken, not 'Magic'/,
    );
  });
});
