import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { makeRegistry, shareModel } from '../../../../helpers/registry.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';
import { startOnlineKit, type OnlineKit } from '../onlineEndpoints/kit.ts';
import { ask, besideOf, ended, logOf, submit } from './kit.ts';

const SHARED = 'azureml://registries/shared/models/echo/versions/1';
interface Usage {
  readonly name: { readonly value: string };
  readonly currentValue: number;
}

const TOKEN_LINE = /token=(\S+)/;

describe('A process with several workspaces', () => {
  let dataFolder: string;
  let workspace: TestWorkspace;
  let first: OnlineKit;
  let second: OnlineKit;
  before(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspaces-'));
    await begin();
    first = await startOnlineKit(workspace);
    const made = await arm('PUT', beside('production'), {
      location: 'local',
      tags: { stage: 'production' },
      properties: { description: 'What customers see.' },
    });
    assert.equal(made.status, 201, made.text);
    assert.equal(await outcome(made), 'Succeeded');
    second = await startOnlineKit({ ...workspace, id: beside('production') });
  });
  after(async () => {
    await workspace.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const begin = async (): Promise<void> => {
    workspace = await startTestWorkspace({ dataFolder });
    await workspace.storageReady;
  };
  const beside = (name: string): string => besideOf(workspace, name);
  const arm = (method: string, url: string, body?: object) => ask(workspace, method, url, body);
  const outcome = (answer: Answer) => ended(workspace, answer);

  it('shows each as published, alone and in the lists, with names and storage of its own', async () => {
    const own = (await arm('GET', workspace.id)).json;
    const other = (await arm('GET', beside('Production'))).json;
    assert.deepEqual(checkAnswer('workspaces', other), []);
    assert.equal(other.id, beside('production'));
    assert.equal(other.properties.description, 'What customers see.');
    assert.notEqual(other.properties.workspaceId, own.properties.workspaceId);
    assert.deepEqual((await arm('GET', beside('').replace(/\/$/, ''))).json.value, [own, other]);
    const { value: usages } = (await arm('GET', `${other.id}/usages`)).json;
    assert.deepEqual(
      usages.map(({ name, currentValue }: Usage) => [name.value, currentValue]),
      [
        ['onlineEndpoints', 0],
        ['onlineDeployments', 0],
      ],
    );
    const container = async ({ id }: { id: string }) =>
      (await arm('GET', `${id}/datastores/workspaceblobstore`)).json.properties.containerName;
    assert.notEqual(await container(own), await container(other));
    assert.equal((await arm('GET', `${other.id}/models/absent/versions/1`)).status, 404);
    const found = await workspace.send('GET', `/discovery/workspaces/${other.properties.workspaceId}`);
    assert.equal(found.json.api, workspace.address.apiUrl);
  });

  it('uses in one what another put into a registry: as input of a job, and as model of a deployment', async () => {
    const registry = await makeRegistry(workspace, 'shared');
    await shareModel(workspace, registry, { name: 'echo', version: '1' });
    await arm('DELETE', `${workspace.id}/models/echo`);
    await submit(workspace, beside('production'), 'reader', {
      command: 'cat ${{inputs.model}}',
      inputs: { model: { jobInputType: 'custom_model', uri: SHARED } },
    });
    await logOf(workspace, beside('production'), 'reader', /a model/);
    await second.endpoint('churn');
    const deployed = await second.deployment('churn', 'blue', { properties: { model: SHARED } });
    assert.equal(deployed.operation.status, 'Succeeded', deployed.operation.error?.message);
    const { scoringUri } = (await second.arm('GET', '/onlineEndpoints/churn')).json.properties;
    const scored = await workspace.send('POST', scoringUri, {
      token: await second.key('churn'),
      headers: { 'content-type': 'application/json', 'azureml-model-deployment': 'blue' },
      body: '{}',
    });
    assert.equal(scored.json?.model, 'a model', scored.text);
    assert.equal((await first.arm('GET', '/onlineEndpoints/churn')).status, 404);
  });

  it('shares into a registry from any of them', async () => {
    const registry = beside('').replace('workspaces/', 'registries/shared');
    const { workspaceId } = (await arm('GET', beside('production'))).json.properties;
    const begun = await arm('POST', `${registry}/import`, {
      properties: {
        referenceType: 'Id',
        sourceAssetId: `azureml://locations/local/workspaces/${workspaceId}/models/echo/versions/1`,
        destinationName: 'from-production',
      },
    });
    assert.equal(await outcome(begun), 'Succeeded');
    assert.equal((await arm('GET', `${registry}/models/from-production/versions/1`)).status, 200);
  });

  it('keeps a job to its own workspace, though a job of the other has the same name', async () => {
    const command = 'echo token=$MLFLOW_TRACKING_TOKEN | cat; sleep 30';
    const ids = [workspace.id, beside('production')];
    for (const id of ids) await submit(workspace, id, 'twin', { command });
    const tokens: string[] = [];
    for (const id of ids)
      tokens.push(TOKEN_LINE.exec(await logOf(workspace, id, 'twin', TOKEN_LINE))?.[1] ?? '');
    const reached = async (token: string) => {
      const answers = ids.map((id) => workspace.send('GET', `/history/v1.0${id}/runs/twin`, { token }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    assert.deepEqual(await reached(tokens[0] ?? ''), [200, 401]);
    assert.deepEqual(await reached(tokens[1] ?? ''), [401, 200]);
    for (const id of ids) await arm('POST', `${id}/jobs/twin/cancel`);
  });

  it('changes what they say of themselves, and neither replaces nor deletes the one made at start', async () => {
    for (const id of [workspace.id, beside('production')]) {
      const { json } = await arm('PATCH', id, {
        tags: { a: 'b' },
        properties: { friendlyName: 'Ours', publicNetworkAccess: 'Disabled' },
      });
      assert.deepEqual(
        [json.tags, json.properties.friendlyName, json.properties.publicNetworkAccess],
        [{ a: 'b' }, 'Ours', 'Disabled'],
      );
    }
    for (const method of ['PUT', 'DELETE']) {
      const { status, json } = await arm(method, workspace.id, { location: 'local' });
      assert.equal(status, 409);
      assert.match(json.error.message, /made when the process is started/);
    }
  });

  it('makes one by a template whose parameters are filled in, and tells what becomes of it', async () => {
    const group = workspace.id.replace(/\/providers\/.*/, '');
    const at = `${group}/providers/Microsoft.Resources/deployments/staging-1`;
    const resource = {
      type: 'Microsoft.MachineLearningServices/workspaces',
      name: "[parameters('name')]",
      location: "[parameters('place')]",
      properties: { hbiWorkspace: "[parameters('secret')]", keyVault: "[variables('vault')]" },
    };
    const vault = { type: 'Microsoft.KeyVault/vaults', name: 'v' };
    const template = { parameters: { place: { defaultValue: 'local' } }, resources: [vault, resource] };
    const parameters = { name: { value: 'staging' }, secret: { value: 'true' } };
    const begun = await arm('PUT', at, { properties: { mode: 'incremental', template, parameters } });
    assert.equal(await outcome(begun), 'Succeeded');
    const [operation] = (await arm('GET', `${group}/deployments/staging-1/operations`)).json.value;
    assert.equal(operation.properties.targetResource.id, beside('staging'));
    assert.equal((await arm('GET', at)).json.properties.provisioningState, 'Succeeded');
    const { json } = await arm('GET', beside('staging'));
    assert.deepEqual([json.properties.hbiWorkspace, json.properties.keyVault], [true, undefined]);
    assert.equal(await outcome(await arm('DELETE', beside('staging'))), 'Succeeded');
    const other = await arm('PUT', at, { properties: { template: { resources: [vault] } } });
    assert.equal(other.status, 501);
  });

  it('says what it does not make', async () => {
    const hub = await arm('PUT', beside('hub'), { location: 'local', kind: 'Hub', properties: {} });
    assert.equal(hub.status, 501);
    assert.match(hub.json.error.message, /no hubs, projects and feature stores/);
    const short = await arm('PUT', beside('x'), { location: 'local', properties: {} });
    assert.match(short.json.error.message, /3 to 33/);
    assert.equal((await arm('DELETE', beside('absent'))).status, 204);
    assert.equal((await arm('GET', beside('absent'))).status, 404);
  });

  it('has all of them after a restart, and nothing of one that was deleted', async () => {
    await workspace.stop();
    await begin();
    const id = beside('production');
    assert.equal((await arm('GET', `${id}/models/echo/versions/1`)).status, 200);
    const { workspaceId } = (await arm('GET', id)).json.properties;
    assert.deepEqual(await readdir(path.join(dataFolder, 'workspaces')), [workspaceId]);
    const deleted = await arm('DELETE', id);
    assert.equal(deleted.status, 202);
    assert.equal((await arm('GET', id)).status, 404);
    assert.equal(await outcome(deleted), 'Succeeded');
    assert.deepEqual(await readdir(path.join(dataFolder, 'workspaces')), []);
    assert.equal((await arm('PUT', id, { location: 'local', properties: {} })).status, 201);
    assert.deepEqual((await arm('GET', `${id}/models`)).json.value, []);
  });
});
