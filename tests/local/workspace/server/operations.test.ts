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
      urls: { api: 'https://localhost:1', own: '', blob: '', account: '', storageSuffix: '', proxy: '' },
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
    const operations = open();
    let finish = () => {};
    const work = (data: string) =>
      data === 'good'
        ? new Promise<void>((resolve) => (finish = resolve))
        : Promise.reject(failure(400, 'OutOfQuota', 'No cores left.'));
    const begin = operations.task<string>({ name: 'test', kind: 'oe', work });
    const good = await begin('good');
    assert.equal((await statusOf(good)).status, 'InProgress');
    finish();
    assert.equal(await settled(good), 'Succeeded');
    const bad = await begin('bad');
    assert.equal(await settled(bad), 'Failed');
    assert.deepEqual((await statusOf(bad)).error, { code: 'OutOfQuota', message: 'No cores left.' });
  });

  it('that a stop interrupted are carried on by the next start, and finished ones are still known', async () => {
    const seen: unknown[] = [];
    const task = (life: string) => ({
      name: 'lasting',
      kind: 'oe',
      work: (data: string, again: boolean) => {
        seen.push([life, data, again]);
        return life === 'first' && data === 'cut' ? new Promise<void>(() => {}) : Promise.resolve();
      },
    });
    const begin = open().task<string>(task('first'));
    const done = await begin('whole');
    assert.equal(await settled(done), 'Succeeded');
    const cut = await begin('cut');
    const next = open();
    next.task<string>(task('second'));
    assert.equal((await statusOf(cut)).status, 'InProgress');
    next.carryOn();
    assert.equal(await settled(cut), 'Succeeded');
    assert.deepEqual(seen, [
      ['first', 'whole', false],
      ['first', 'cut', false],
      ['second', 'cut', true],
    ]);
  });

  it('have failed when the next start does not know their task any more', async () => {
    const begin = open().task<string>({ name: 'gone', kind: 'oe', work: () => new Promise<void>(() => {}) });
    const hanging = await begin('');
    open().carryOn();
    assert.equal(await settled(hanging), 'Failed');
    assert.equal((await statusOf(hanging)).error?.code, 'OperationCanceled');
  });

  it('are kept together with what they change, or neither is', async () => {
    const things = store.collection<string>('things');
    const begin = open().task<string>({ name: 'kept', kind: 'oe', work: () => Promise.resolve() });
    await assert.rejects(
      begin('', () => {
        throw new Error('refused');
      }),
      /refused/,
    );
    const url = await begin('', (statusUrl) => void things.put('thing', statusUrl));
    assert.equal(things.get('thing'), url);
    assert.equal(await settled(url), 'Succeeded');
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
    const workspace = await startTestWorkspace({ clock, tokenLifetimeInSeconds: 600 });
    try {
      const token = await workspace.token();
      const get = async () =>
        (await workspace.send('GET', `${workspace.id}?api-version=1`, { token })).status;
      assert.equal(await get(), 200);
      ahead = 500_000;
      assert.equal(await get(), 200);
      ahead = 601_000;
      assert.equal(await get(), 401);
    } finally {
      await workspace.stop();
    }
  });
});
