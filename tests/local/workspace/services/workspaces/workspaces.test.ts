import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { makeRegistry, shareModel } from '../../../../helpers/registry.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';
import { until } from '../jobs/lab.ts';
import { startOnlineKit, type OnlineKit } from '../onlineEndpoints/kit.ts';

const API = 'api-version=2025-12-01';
const SHARED = 'azureml://registries/shared/models/echo/versions/1';
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
    const made = await ask('PUT', besideOf('production'), {
      location: 'local',
      tags: { stage: 'production' },
      properties: { description: 'What customers see.' },
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await ended(made)).status, 'Succeeded');
    second = await startOnlineKit({ ...workspace, id: besideOf('production') });
  });
  after(async () => {
    await workspace.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const begin = async (): Promise<void> => {
    workspace = await startTestWorkspace({ dataFolder });
    await workspace.storageReady;
  };
  const besideOf = (name: string): string => workspace.id.replace(/[^/]+$/, name);
  const ask = (method: string, url: string, body?: object): Promise<Answer> =>
    workspace.send(method, `${url}?${API}`, body === undefined ? {} : { body });
  const ended = async ({ headers }: Answer): Promise<{ status: string }> => {
    const url = String(headers['azure-asyncoperation'] ?? headers['location']);
    for (;;) {
      const { json } = await workspace.send('GET', url.replace('mfeOperationResults', 'mfeOperationsStatus'));
      if (json.status !== 'InProgress') return json;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** Runs a command in a workspace; the text of its log. */
  const ran = async (id: string, name: string, properties: object): Promise<string> => {
    const environmentId = `${id}/environments/plain/versions/1`;
    await ask('PUT', environmentId, {
      properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04' },
    });
    const job = { jobType: 'Command', environmentId, computeId: `${id}/computes/cpu-cluster`, ...properties };
    const put = await ask('PUT', `${id}/jobs/${name}`, { properties: job });
    assert.equal(put.status, 201, put.text);
    const details = async () => (await workspace.send('GET', `/history/v1.0${id}/runs/${name}/details`)).json;
    await until(async () => /Completed|Failed/.test((await details()).status), `${name} to end`);
    const { logFiles, status, error } = await details();
    assert.equal(status, 'Completed', JSON.stringify(error));
    return (await workspace.send('GET', logFiles['user_logs/std_log.txt'], { token: false })).text;
  };

  it('shows each as published, alone and in the lists, with names and storage of its own', async () => {
    const own = (await ask('GET', workspace.id)).json;
    const other = (await ask('GET', besideOf('Production'))).json;
    assert.deepEqual(checkAnswer('workspaces', other), []);
    assert.equal(other.id, besideOf('production'));
    assert.equal(other.properties.description, 'What customers see.');
    assert.notEqual(other.properties.workspaceId, own.properties.workspaceId);
    assert.deepEqual((await ask('GET', besideOf('').replace(/\/$/, ''))).json.value, [own, other]);
    const container = async ({ id }: { id: string }) =>
      (await ask('GET', `${id}/datastores/workspaceblobstore`)).json.properties.containerName;
    assert.notEqual(await container(own), await container(other));
    assert.equal((await ask('GET', `${other.id}/models/absent/versions/1`)).status, 404);
    const found = await workspace.send('GET', `/discovery/workspaces/${other.properties.workspaceId}`);
    assert.equal(found.json.api, workspace.address.apiUrl);
  });

  it('uses in one what another put into a registry: as input of a job, and as model of a deployment', async () => {
    const registry = await makeRegistry(workspace, 'shared');
    await shareModel(workspace, registry, { name: 'echo', version: '1' });
    await workspace.send('DELETE', `${workspace.id}/models/echo?${API}`);
    const log = await ran(besideOf('production'), 'reader', {
      command: 'cat ${{inputs.model}}',
      inputs: { model: { jobInputType: 'custom_model', uri: SHARED } },
    });
    assert.match(log, /a model/);
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
    const registry = besideOf('').replace('workspaces/', 'registries/shared');
    const { workspaceId } = (await ask('GET', besideOf('production'))).json.properties;
    const begun = await ask('POST', `${registry}/import`, {
      properties: {
        referenceType: 'Id',
        sourceAssetId: `azureml://locations/local/workspaces/${workspaceId}/models/echo/versions/1`,
        destinationName: 'from-production',
      },
    });
    assert.equal((await ended(begun)).status, 'Succeeded');
    assert.equal((await ask('GET', `${registry}/models/from-production/versions/1`)).status, 200);
  });

  it('keeps a job to its own workspace, though a job of the other has the same name', async () => {
    const command = 'echo token=$MLFLOW_TRACKING_TOKEN | cat; sleep 30';
    const start = async (id: string) => {
      const environmentId = `${id}/environments/plain/versions/1`;
      await ask('PUT', environmentId, {
        properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04' },
      });
      const computeId = `${id}/computes/cpu-cluster`;
      await ask('PUT', `${id}/jobs/twin`, {
        properties: { jobType: 'Command', environmentId, computeId, command },
      });
    };
    const logOf = async (id: string) => {
      const { logFiles = {} } = (await workspace.send('GET', `/history/v1.0${id}/runs/twin/details`)).json;
      const url = logFiles['user_logs/std_log.txt'];
      return url === undefined ? '' : (await workspace.send('GET', url, { token: false })).text;
    };
    const ids = [workspace.id, besideOf('production')];
    for (const id of ids) await start(id);
    const tokens: string[] = [];
    for (const id of ids) {
      await until(async () => TOKEN_LINE.test(await logOf(id)), 'a token');
      tokens.push(TOKEN_LINE.exec(await logOf(id))?.[1] ?? '');
    }
    const reached = async (token: string) => {
      const answers = ids.map((id) => workspace.send('GET', `/history/v1.0${id}/runs/twin`, { token }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    assert.deepEqual(await reached(tokens[0] ?? ''), [200, 401]);
    assert.deepEqual(await reached(tokens[1] ?? ''), [401, 200]);
    for (const id of ids) await ask('POST', `${id}/jobs/twin/cancel`);
  });

  it('changes what they say of themselves, and neither replaces nor deletes the one made at start', async () => {
    for (const id of [workspace.id, besideOf('production')]) {
      const { json } = await ask('PATCH', id, {
        tags: { a: 'b' },
        properties: { friendlyName: 'Ours', publicNetworkAccess: 'Disabled' },
      });
      assert.deepEqual(
        [json.tags, json.properties.friendlyName, json.properties.publicNetworkAccess],
        [{ a: 'b' }, 'Ours', 'Disabled'],
      );
    }
    for (const method of ['PUT', 'DELETE']) {
      const { status, json } = await ask(method, workspace.id, { location: 'local' });
      assert.equal(status, 409);
      assert.match(json.error.message, /made when the process is started/);
    }
  });

  it('says what it does not make', async () => {
    const hub = await ask('PUT', besideOf('hub'), { location: 'local', kind: 'Hub', properties: {} });
    assert.equal(hub.status, 501);
    assert.match(hub.json.error.message, /no hubs, projects and feature stores/);
    const short = await ask('PUT', besideOf('x'), { location: 'local', properties: {} });
    assert.match(short.json.error.message, /3 to 33/);
    assert.equal((await ask('DELETE', besideOf('absent'))).status, 204);
    assert.equal((await ask('GET', besideOf('absent'))).status, 404);
  });

  it('has all of them after a restart, and nothing of one that was deleted', async () => {
    await workspace.stop();
    await begin();
    const id = besideOf('production');
    assert.equal((await ask('GET', `${id}/models/echo/versions/1`)).status, 200);
    const { workspaceId } = (await ask('GET', id)).json.properties;
    assert.deepEqual(await readdir(path.join(dataFolder, 'workspaces')), [workspaceId]);
    const deleted = await ask('DELETE', id);
    assert.equal(deleted.status, 202);
    assert.equal((await ask('GET', id)).status, 404);
    assert.equal((await ended(deleted)).status, 'Succeeded');
    assert.deepEqual(await readdir(path.join(dataFolder, 'workspaces')), []);
    assert.equal((await ask('PUT', id, { location: 'local', properties: {} })).status, 201);
    assert.deepEqual((await ask('GET', `${id}/models`)).json.value, []);
  });
});
