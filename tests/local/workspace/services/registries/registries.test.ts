import assert from 'node:assert/strict';
import { checkAnswer, checkRequest, unfilled } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { makeRegistry } from '../../../../helpers/registry.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';

const API = 'api-version=2025-12-01';
const PLANE = '/mferp/managementfrontend';

describe('A registry', () => {
  let workspace: TestWorkspace;
  let id: string;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    id = await makeRegistry(workspace, 'shared');
  });
  after(() => workspace.stop());

  const ask = (method: string, path: string, body?: object): Promise<Answer> =>
    workspace.send(method, `${path}?${API}`, body === undefined ? {} : { body });
  const done = async ({ headers }: Answer): Promise<{ status: string; error?: { message: string } }> => {
    const url = String(headers['azure-asyncoperation'] ?? headers['location']);
    for (;;) {
      const { json } = await workspace.send('GET', url.replace('mfeOperationResults', 'mfeOperationsStatus'));
      if (json.status !== 'InProgress') return json;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const share = async (type: string, name: string, into: string): Promise<Answer> => {
    const { json } = await ask('GET', workspace.id);
    const sourceAssetId = `azureml://locations/local/workspaces/${json.properties.workspaceId}/${type}/${name}/versions/1`;
    const properties = {
      referenceType: 'Id',
      destinationName: into,
      destinationVersion: '2',
      sourceAssetId,
    };
    return ask('POST', `${PLANE}${id}/import`, { properties });
  };
  /** Files in the workspace's own datastore. */
  const put = async (path: string, text: string): Promise<string> => {
    const datastore = `${workspace.id}/datastores/workspaceblobstore`;
    const { json } = await ask('POST', `${datastore}/listSecrets`, { expirableSecret: true });
    const { containerName } = (await ask('GET', datastore)).json.properties;
    const made = await workspace.send(
      'PUT',
      `${workspace.address.blobUrl}/${containerName}/${path}?${json.sasToken}`,
      { body: text, headers: { 'x-ms-blob-type': 'BlockBlob' }, token: false },
    );
    assert.equal(made.status, 201, made.text);
    return `azureml://datastores/workspaceblobstore/paths/${path}`;
  };

  it('is answered as published: made, listed by group and by subscription, changed', async () => {
    const body = { location: 'local', properties: { regionDetails: [{ location: 'local' }] } };
    assert.deepEqual(checkRequest('registries', body), []);
    const got = await ask('GET', id);
    assert.deepEqual([...checkAnswer('registries', got.json), ...unfilled('registries', got.json)], []);
    const changed = await ask('PATCH', id, { tags: { team: 'risk' } });
    assert.deepEqual(changed.json.tags, { team: 'risk' });
    const { subscriptionId } = workspace.address;
    for (const list of [
      id.replace(/\/shared$/, ''),
      `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/registries`,
    ])
      assert.deepEqual((await ask('GET', list)).json.value, [changed.json]);
    const again = await ask('PUT', id, body);
    assert.equal(again.status, 200);
    assert.equal((await done(again)).status, 'Succeeded');
  });

  it('is found by its name, whatever the case', async () => {
    const found = await ask('GET', '/registrymanagement/v1.0/registries/Shared/discovery');
    assert.equal(found.json.registryName, 'shared');
    assert.equal(found.json.primaryRegionResourceProviderUri, `${workspace.address.apiUrl}/`);
    const missing = await ask('GET', '/registrymanagement/v1.0/registries/other/discovery');
    assert.equal(missing.status, 404);
    assert.match(missing.json.error.message, /registries\/other' was not found/);
  });

  for (const [name, why] of [
    ['azureml-own', /reserved/],
    ['x', /3 to 33/],
  ] as const)
    it(`is not named ${name}`, async () => {
      const { status, json } = await ask('PUT', id.replace(/shared$/, name), {
        location: 'l',
        properties: {},
      });
      assert.equal(status, 400);
      assert.match(json.error.message, why);
    });

  it('names its assets by their ARM ids, and by addresses below its own prefix', async () => {
    const path = `${id}/environments/plain/versions/1`;
    const made = await ask('PUT', path, { properties: { image: 'python:3' } });
    assert.equal(made.status, 201, made.text);
    assert.equal((await done(made)).status, 'Succeeded');
    assert.deepEqual(checkAnswer('registries/environments/versions', made.json), []);
    assert.equal(made.json.id, path);
    const there = await ask('GET', `${PLANE}${path}`);
    assert.equal(there.json.id, 'azureml://registries/shared/environments/plain/versions/1');
    const [container] = (await ask('GET', `${PLANE}${id}/environments`)).json.value;
    assert.deepEqual(checkAnswer('registries/environments', container), []);
    assert.equal((await ask('GET', `${workspace.id}/environments/plain/versions/1`)).status, 404);
  });

  it('keeps a copy of what was shared, whatever becomes of the original', async () => {
    const modelUri = (await put('shared/model/a.txt', 'one')).replace(/\/a\.txt$/, '');
    await put('shared/model/deep/b.txt', 'two');
    const source = `${workspace.id}/models/risk`;
    await ask('PUT', `${source}/versions/1`, { properties: { modelUri, tags: { a: '1' } } });
    assert.equal((await done(await share('models', 'risk', 'risk-shared'))).status, 'Succeeded');
    await ask('DELETE', source);
    const { json } = await ask('GET', `${id}/models/risk-shared/versions/2`);
    assert.deepEqual(json.properties.tags, { a: '1' });
    const blobUri = json.properties.modelUri as string;
    const data = await ask('POST', `${PLANE}${id}/datarefs/risk-shared/versions/2`, {
      assetId: json.id,
      blobUri,
    });
    const sas = new URL(data.json.blobReferenceForConsumption.credential.sasUri as string);
    const at = new URL(`${blobUri}/deep/b.txt`).pathname;
    const file = await workspace.send('GET', `${workspace.address.blobUrl}${at}${sas.search}`, {
      token: false,
    });
    assert.equal(file.text, 'two');
    const second = await share('models', 'risk', 'risk-shared');
    assert.equal(second.status, 409, second.text);
  });

  it('gets with a component the code and the environment it names', async () => {
    const codeUri = (await put('shared/code/run.py', 'pass')).replace(/\/run\.py$/, '');
    await ask('PUT', `${workspace.id}/codes/steps/versions/1`, { properties: { codeUri } });
    await ask('PUT', `${workspace.id}/environments/own/versions/1`, { properties: { image: 'python:3' } });
    const componentSpec = {
      name: 'step',
      version: '1',
      type: 'command',
      command: 'python run.py',
      code: `azureml:${workspace.id}/codes/steps/versions/1`,
      environment: `azureml:${workspace.id}/environments/own/versions/1`,
    };
    await ask('PUT', `${workspace.id}/components/step/versions/1`, { properties: { componentSpec } });
    const ended = await done(await share('components', 'step', 'step'));
    assert.equal(ended.status, 'Succeeded', ended.error?.message);
    const { json } = await ask('GET', `${id}/components/step/versions/2`);
    assert.equal(json.properties.componentSpec.code, 'azureml://registries/shared/codes/steps/versions/1');
    assert.equal(
      json.properties.componentSpec.environment,
      'azureml://registries/shared/environments/own/versions/1',
    );
    assert.equal((await ask('GET', `${id}/codes/steps/versions/1`)).status, 200);
  });

  it('says what cannot be shared', async () => {
    const absent = await share('models', 'nothing', 'nothing');
    assert.equal(absent.status, 404);
    assert.match(absent.json.error.message, /'1' of 'nothing' was not found in the workspace/);
    const foreign = await ask('POST', `${PLANE}${id}/import`, {
      properties: { sourceAssetId: 'azureml://locations/x/workspaces/other/models/m/versions/1' },
    });
    assert.match(foreign.json.error.message, /'other' is not on this machine/);
    await ask('PUT', `${workspace.id}/models/hollow/versions/1`, {
      properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/hollow' },
    });
    const ended = await done(await share('models', 'hollow', 'hollow'));
    assert.equal(ended.status, 'Failed');
    assert.match(ended.error?.message ?? '', /paths\/hollow/);
  });

  it('signs for its own files alone', async () => {
    const { status } = await ask('POST', `${id}/datareferences/m/versions/1`, {
      assetId: 'azureml://registries/shared/models/m/versions/1',
      blobUri: `${workspace.address.blobUrl}/azureml/ExperimentRun/`,
    });
    assert.equal(status, 404);
  });

  it('is gone with all it had, and one of the same name made later is empty', async () => {
    const old = await makeRegistry(workspace, 'passing');
    const room = await ask('POST', `${old}/models/m/versions/1/startPendingUpload`, {});
    const modelUri = room.json.blobReferenceForConsumption.blobUri as string;
    await ask('PUT', `${old}/models/m/versions/1`, { properties: { modelUri } });
    assert.equal((await done(await ask('DELETE', old))).status, 'Succeeded');
    assert.equal((await ask('GET', `${old}/models/m/versions/1`)).status, 404);
    await makeRegistry(workspace, 'passing');
    assert.deepEqual((await ask('GET', `${old}/models`)).json.value, []);
    const refs = await ask('POST', `${old}/datareferences/m/versions/1`, { assetId: 'm', blobUri: modelUri });
    assert.equal(refs.status, 404);
  });
});
