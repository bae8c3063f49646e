import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestWorkspace } from '../../../../helpers/workspace.ts';
import { startOnlineKit } from './kit.ts';

describe('a workspace with endpoints that is started again', () => {
  let dataFolder: string;
  before(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
  });
  after(() => rm(dataFolder, { recursive: true, force: true }));

  it('ends every process when it stops, and brings all deployments back when it starts', async () => {
    const first = await startOnlineKit(await startTestWorkspace({ dataFolder }));
    await first.endpoint('lasting');
    await first.deployment('lasting', 'blue');
    await first.traffic('lasting', { blue: 100 });
    const key = await first.key('lasting');
    const { pid } = (await first.score('lasting', {})).json;
    await first.workspace.stop();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });

    const workspace = await startTestWorkspace({ dataFolder });
    try {
      const score = () =>
        workspace.send('POST', '/online/lasting/score', {
          token: key,
          body: '{}',
          headers: { 'content-type': 'application/json' },
        });
      let answer = await score();
      while (answer.status === 503) {
        await sleep(100);
        answer = await score();
      }
      assert.equal(answer.status, 200);
      assert.equal(answer.json.from, 'blue');
      const url = `${workspace.id}/onlineEndpoints/lasting/deployments/blue?api-version=2024-10-01`;
      assert.equal((await workspace.send('GET', url)).json.properties.provisioningState, 'Succeeded');
    } finally {
      await workspace.stop();
    }
  });

  it('carries a creation on that it was stopped in', async () => {
    const first = await startOnlineKit(await startTestWorkspace({ dataFolder }));
    await first.endpoint('halfway');
    const body = await first.body('green', { script: SLOW_SCRIPT });
    await first.arm('PUT', '/onlineEndpoints/halfway/deployments/green', body);
    await first.workspace.stop();

    const workspace = await startTestWorkspace({ dataFolder });
    try {
      const url = `${workspace.id}/onlineEndpoints/halfway/deployments/green?api-version=2024-10-01`;
      const state = async () => (await workspace.send('GET', url)).json.properties.provisioningState;
      while ((await state()) === 'Creating') await sleep(100);
      assert.equal(await state(), 'Succeeded');
    } finally {
      await workspace.stop();
    }
  });
});

const SLOW_SCRIPT = `
import time

def init():
    time.sleep(1)

def run(raw_data):
    return "done"
`;
