import assert from 'node:assert/strict';
import { Hono } from 'hono';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { faults } from '../../../../local/workspace/faults/faults.ts';
import { failure } from '../../../../local/workspace/server/failures.ts';
import { openOperations, operationsRoutes } from '../../../../local/workspace/server/operations.ts';
import { systemClock } from '../../../../local/workspace/server/clock.ts';
import { openStore } from '../../../../local/workspace/store/lmdb.ts';
import type { Store } from '../../../../local/workspace/store/store.ts';
import { startTestWorkspace } from '../../../helpers/workspace.ts';

describe('Operations', () => {
  let folder: string;
  let store: Store;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'operations-'));
    store = openStore(folder);
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const identity = {
    tenantId: 't',
    subscriptionId: 's',
    resourceGroup: 'g',
    workspaceName: 'w',
    workspaceId: 'id',
    location: 'local',
  };
  const open = () =>
    openOperations({
      store,
      identity,
      urls: { api: 'https://localhost:1', blob: '', account: '', storageSuffix: '', proxy: '' },
      clock: systemClock,
      faults: faults(),
      log: () => {},
    });
  const statusOf = async (url: string) => {
    const app = new Hono().route('/', operationsRoutes({ store }));
    return (await app.request(url)).json() as Promise<{
      status: string;
      error?: { code: string; message: string };
    }>;
  };

  it('say what the work came to', async () => {
    const operations = await open();
    let finish = () => {};
    const good = await operations.begin('oe', () => new Promise<void>((resolve) => (finish = resolve)));
    assert.equal((await statusOf(good)).status, 'InProgress');
    finish();
    assert.equal(await settled(good), 'Succeeded');
    const bad = await operations.begin('oe', () =>
      Promise.reject(failure(400, 'OutOfQuota', 'No cores left.')),
    );
    assert.equal(await settled(bad), 'Failed');
    assert.deepEqual((await statusOf(bad)).error, { code: 'OutOfQuota', message: 'No cores left.' });
  });

  it('that a stop interrupted have failed at the next start, and finished ones are still known', async () => {
    const operations = await open();
    const done = await operations.begin('oe', () => Promise.resolve());
    assert.equal(await settled(done), 'Succeeded');
    const hanging = await operations.begin('oe', () => new Promise<void>(() => {}));
    await open();
    assert.equal((await statusOf(done)).status, 'Succeeded');
    const interrupted = await statusOf(hanging);
    assert.equal(interrupted.status, 'Failed');
    assert.equal(interrupted.error?.code, 'OperationCanceled');
  });

  async function settled(url: string): Promise<string> {
    for (;;) {
      const { status } = await statusOf(url);
      if (status !== 'InProgress') return status;
      await systemClock.sleep(1);
    }
  }
});

describe('A token', () => {
  it('ends when its time is over by the clock of the workspace', async () => {
    let ahead = 0;
    const clock = { now: () => new Date(Date.now() + ahead), sleep: systemClock.sleep };
    const workspace = await startTestWorkspace({ clock, tokenLifetimeInSeconds: 60 });
    try {
      const token = await workspace.token();
      const get = async () =>
        (await workspace.send('GET', `${workspace.id}?api-version=1`, { token })).status;
      assert.equal(await get(), 200);
      ahead = 59_000;
      assert.equal(await get(), 200);
      ahead = 61_000;
      assert.equal(await get(), 401);
    } finally {
      await workspace.stop();
    }
  });
});
