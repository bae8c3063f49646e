import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectionTo } from '../../../local/cli/connection.ts';
import { createServerTasks } from '../../../local/runner/index.ts';
import { createProject, removeProjects } from '../../local/runner/execute/harness.ts';
import { bash, definition, gates, stage, task } from '../../local/runner/release/definitions.ts';
import { release, type Released } from '../../local/runner/release/harness.ts';
import { startOnlineKit, type OnlineKit } from '../../local/workspace/services/onlineEndpoints/kit.ts';

describe('EndpointGate', () => {
  let kit: OnlineKit;
  let id: string;
  before(async () => {
    kit = await startOnlineKit();
    await kit.endpoint('gated');
    const { operation } = await kit.deployment('gated', 'blue');
    assert.equal(operation.status, 'Succeeded', operation.error?.message);
    await kit.traffic('gated', { blue: 100 });
    const file = await readFile(path.resolve('build', 'tasks', 'EndpointGate', 'task.json'), 'utf8');
    id = (JSON.parse(file) as { id: string }).id;
  });
  after(async () => {
    await kit.workspace.stop();
    removeProjects();
  });

  const gate = (inputs: Readonly<Record<string, string>>): Promise<Released> => {
    const given = {
      azureSubscription: 'azureml-local',
      endpointName: 'gated',
      deploymentName: 'blue',
      ...inputs,
    };
    const step = task(id, 'EndpointGate', given);
    const waiting = { preDeploymentGates: gates([step], { timeout: 15, samplingInterval: 15 }) };
    return release(createProject(), definition([stage('S', [bash('echo in')], waiting)]), {
      connections: [connectionTo(kit.workspace.address)],
      taskFolders: [path.resolve('build', 'tasks')],
      serverTasks: createServerTasks({ ca: [kit.workspace.ca] }),
    });
  };
  const results = async (inputs: Readonly<Record<string, string>>): Promise<unknown> => {
    const done = await gate(inputs);
    return done.stages()['S'];
  };

  it('stays closed without requests, opens with enough good and fast ones, and closes when too many fail', async () => {
    assert.equal(await results({}), 'failed');
    for (let count = 0; count < 3; count += 1) await kit.score('gated', { count });
    assert.equal(await results({ minRequests: '3', maxLatencyInMs: '60000' }), 'succeeded');
    assert.equal(await results({ minRequests: '4' }), 'failed');
    assert.equal(await results({ maxLatencyInMs: '0.001' }), 'failed');
    await kit.score('gated', { fail: 'on purpose' });
    await kit.score('gated', { fail: 'on purpose' });
    assert.equal(await results({}), 'failed');
    assert.equal(await results({ maxFailedRequests: '1' }), 'failed');
    assert.equal(await results({ maxFailedRequests: '2' }), 'succeeded');
  });

  it('reads twice for a sample', async () => {
    const done = await gate({ maxFailedRequests: '2' });
    assert.equal(done.log('S').match(/^GET /gm)?.length, 2);
  });
});
