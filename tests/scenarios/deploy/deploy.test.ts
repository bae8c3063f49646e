import assert from 'node:assert/strict';
import { openTags, startDeployKit, type DeployKit } from './kit.ts';

describe('DeployModel', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  before(async () => {
    kit = await startDeployKit();
  });
  after(() => kit.stop());

  it('plans without changing anything', async () => {
    const run = await kit.ok({ action: 'plan' });
    assert.equal(await kit.endpoint('prod'), undefined);
    assert.match(run.outputs['planHash'] ?? '', /^[0-9a-f]{64}$/);
    assert.match(run.log, /Endpoint prod: create/);
    assert.match(run.log, /Deployment blue: create/);
    assert.match(run.log, /step 1: blue 100 %/);
    assert.match(run.log, /properties\.model: not set -> azureml:echo:1/);
  });

  it('creates endpoint and deployment, tests it, and gives it all traffic', async () => {
    const plan = await kit.ok({ action: 'plan' });
    const run = await kit.ok({ outputEndpointKey: 'true' });
    assert.deepEqual(
      ['endpointName', 'deploymentName', 'traffic', 'previousDeployment', 'planHash'].map(
        (name) => run.outputs[name] ?? '',
      ),
      ['prod', 'blue', '{"blue":100}', '', plan.outputs['planHash']],
    );
    assert.match(run.log, /passed {2}echo \(200/);
    const now = await kit.endpoint('prod');
    assert.deepEqual(now?.traffic, { blue: 100 });
    assert.deepEqual(now.deployments, { blue: 'echo:1 Succeeded' });
    assert.deepEqual(openTags(now), []);
    const answer = await kit.workspace.send('POST', run.outputs['scoringUri'] ?? '', {
      token: run.outputs['endpointKey'] ?? '',
      body: { n: 5 },
    });
    assert.equal(answer.json.data.n, 5);
  });

  it('does nothing when it is run again, with the same outputs', async () => {
    const before = await kit.endpoint('prod');
    const first = await kit.ok({});
    const second = await kit.ok({});
    assert.deepEqual(second.outputs, first.outputs);
    assert.deepEqual(await kit.endpoint('prod'), before);
    assert.doesNotMatch(second.log, /Sent /);
  });

  it('puts the next model beside the one that serves, and keeps that for a rollback', async () => {
    const run = await kit.ok({ model: 'echo:2' });
    assert.deepEqual([run.outputs['deploymentName'], run.outputs['previousDeployment']], ['green', 'blue']);
    const now = await kit.endpoint('prod');
    assert.deepEqual(now?.traffic, { green: 100 });
    assert.deepEqual(now.deployments, { blue: 'echo:1 Succeeded', green: 'echo:2 Succeeded' });
    assert.match(run.log, /properties\.model: azureml:echo:1 -> azureml:echo:2/);
  });

  it('rolls back to the one before, once', async () => {
    const run = await kit.ok({ action: 'rollback', endpointName: 'prod' });
    assert.equal(run.outputs['traffic'], '{"blue":100}');
    const again = await kit.ok({ action: 'rollback', endpointName: 'prod' });
    assert.match(again.message, /rolled back already/);
    assert.deepEqual((await kit.endpoint('prod'))?.traffic, { blue: 100 });
  });

  it('deletes a deployment that stands by, never one that serves, and at last the endpoint', async () => {
    const refused = await kit.run({ action: 'delete', endpointName: 'prod', deploymentName: 'blue' });
    assert.equal(refused.result, 'Failed');
    assert.match(refused.message, /takes 100 % of the traffic/);
    await kit.ok({ action: 'delete', endpointName: 'prod', deploymentName: 'green' });
    assert.deepEqual((await kit.endpoint('prod'))?.deployments, { blue: 'echo:1 Succeeded' });
    await kit.ok({ action: 'delete', endpointName: 'prod', deploymentName: 'green' });
    await kit.ok({ action: 'delete', endpointName: 'prod' });
    assert.equal(await kit.endpoint('prod'), undefined);
    await kit.ok({ action: 'delete', endpointName: 'prod' });
  });
});
