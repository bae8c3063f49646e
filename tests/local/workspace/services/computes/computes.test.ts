import assert from 'node:assert/strict';
import { checkAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';
const CLUSTER = {
  location: 'local',
  properties: {
    computeType: 'AmlCompute',
    properties: {
      vmSize: 'STANDARD_D2_V2',
      scaleSettings: { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: 'PT2M' },
    },
  },
};

describe('Computes', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  const url = (path = '', query = '') => `${workspace.id}/computes${path}?${VERSION}${query}`;
  const get = (path = '') => workspace.send('GET', url(path));

  it('include a cluster from the start', async () => {
    const { json } = await get();
    assert.deepEqual(
      json.value.map((one: { name: string }) => one.name),
      ['cpu-cluster'],
    );
    assert.deepEqual(checkAnswer('computes', json.value[0]), []);
    assert.equal(json.value[0].properties.provisioningState, 'Succeeded');
    assert.equal((await get('/CPU-Cluster')).json.name, 'cpu-cluster');
  });

  it('are made by an operation that ends', async () => {
    const made = await workspace.send('PUT', url('/big'), { body: CLUSTER });
    assert.equal(made.status, 201);
    assert.deepEqual(checkAnswer('computes', made.json), []);
    assert.equal(made.json.properties.provisioningState, 'Creating');
    assert.equal((await finished(made)).status, 'Succeeded');
    const got = await get('/big');
    assert.equal(got.json.properties.provisioningState, 'Succeeded');
    assert.equal(got.json.properties.properties.scaleSettings.maxNodeCount, 2);
    const scale = { properties: { properties: { scaleSettings: { maxNodeCount: 5 } } } };
    await finished(await workspace.send('PATCH', url('/big'), { body: scale }));
    assert.equal((await get('/big')).json.properties.properties.scaleSettings.maxNodeCount, 5);
  });

  it('are deleted by an operation, and only with a word about what is below', async () => {
    await finished(await workspace.send('PUT', url('/short'), { body: CLUSTER }));
    assert.equal((await workspace.send('DELETE', url('/short'))).status, 400);
    const deleted = await workspace.send('DELETE', url('/short', '&underlyingResourceAction=Delete'));
    assert.equal(deleted.status, 202);
    await finished(deleted);
    const result = await workspace.send('GET', String(deleted.headers.location));
    assert.equal(result.status, 204);
    assert.equal((await get('/short')).status, 404);
  });

  it('that do not exist are named in the answer', async () => {
    const answer = await get('/nowhere');
    assert.equal(answer.status, 404);
    assert.equal(answer.json.error.code, 'ResourceNotFound');
    assert.match(answer.json.error.message, /nowhere/);
  });

  it('include instances that start and stop', async () => {
    const body = {
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'STANDARD_DS3_V2' } },
    };
    await finished(await workspace.send('PUT', url('/desk'), { body }));
    assert.deepEqual(checkAnswer('computes', (await get('/desk')).json), []);
    await finished(await workspace.send('POST', url('/desk/stop')));
    assert.equal((await get('/desk')).json.properties.properties.state, 'Stopped');
  });

  it('include instances with or without single sign-on', async () => {
    const sent = await workspace.send('POST', url('/desk/enableSso'), { body: { enableSSO: false } });
    assert.equal(sent.status, 200, sent.text);
    assert.equal((await get('/desk')).json.properties.properties.enableSSO, false);
    const onCluster = await workspace.send('POST', url('/big/enableSso'), { body: { enableSSO: false } });
    assert.match(onCluster.json.error.message, /'big' is a AmlCompute/);
  });

  it('are refused with the reason', async () => {
    const refused = async (name: string, body: object) => {
      const answer = await workspace.send('PUT', url(`/${name}`), { body });
      assert.equal(answer.status, 400, answer.text);
      return answer.json.error.message;
    };
    assert.match(await refused('1st', CLUSTER), /'1st'/);
    assert.match(await refused('odd', { properties: { computeType: 'Abacus' } }), /'Abacus'/);
    const scaleSettings = { minNodeCount: 3, maxNodeCount: 1 };
    const inner = { vmSize: 'x', scaleSettings };
    assert.match(
      await refused('odd', { properties: { computeType: 'AmlCompute', properties: inner } }),
      /minNodeCount/,
    );
  });

  async function finished(started: Answer): Promise<{ status: string }> {
    const address = String(started.headers['azure-asyncoperation']);
    assert.equal(started.headers['retry-after'], '1');
    for (;;) {
      const { json } = await workspace.send('GET', address);
      if (json.status !== 'InProgress') return json;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});
