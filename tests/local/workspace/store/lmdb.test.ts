import fc from 'fast-check';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openStore } from '../../../../local/workspace/store/lmdb.ts';
import type { Collection, Store } from '../../../../local/workspace/store/store.ts';

describe('The store', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'store-'));
    store = openStore(folder);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const keys = (things: Collection<number>, options?: Parameters<Collection<number>['list']>[0]) =>
    [...things.list(options)].map(([key]) => key);

  it('lists in key order, by prefix, after a key, backwards and up to a limit', async () => {
    const things = store.collection<number>('things');
    for (const key of ['b/2', 'a', 'b/1', 'b', 'b/3', 'c']) await things.put(key, 1);
    assert.deepEqual(keys(things), ['a', 'b', 'b/1', 'b/2', 'b/3', 'c']);
    assert.deepEqual(keys(things, { prefix: 'b/' }), ['b/1', 'b/2', 'b/3']);
    assert.deepEqual(keys(things, { prefix: 'b/', after: 'b/1' }), ['b/2', 'b/3']);
    assert.deepEqual(keys(things, { prefix: 'b/', reverse: true, limit: 2 }), ['b/3', 'b/2']);
    assert.deepEqual(keys(things, { prefix: 'b/', reverse: true, after: 'b/3' }), ['b/2', 'b/1']);
    assert.equal(things.count('b/'), 3);
    assert.equal(things.count(), 6);
  });

  it('agrees with a sorted list, whatever the keys and the question', async () => {
    const things = store.collection<number>('random');
    const key = fc.string({
      minLength: 1,
      maxLength: 6,
      unit: fc.constantFrom('a', 'b', '/', '.', 'ü', '\u{1f600}'),
    });
    const question = fc.record(
      {
        prefix: fc.string({ maxLength: 2, unit: fc.constantFrom('a', '/') }),
        reverse: fc.boolean(),
        limit: fc.integer({ min: 1, max: 5 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), question, async (all, asked) => {
        for (const old of keys(things)) await things.delete(old);
        for (const one of all) await things.put(one, 1);
        const sorted = [...all].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        const wanted = sorted.filter((one) => one.startsWith(asked.prefix ?? ''));
        if (asked.reverse) wanted.reverse();
        assert.deepEqual(keys(things, asked), wanted.slice(0, asked.limit ?? wanted.length));
      }),
      { numRuns: 50 },
    );
  });

  it('changes a document in one step, however many ask at once', async () => {
    const things = store.collection<number>('counters');
    await Promise.all(Array.from({ length: 100 }, () => things.update('n', (n = 0) => n + 1)));
    assert.equal(things.get('n'), 100);
    assert.equal(await things.update('n', () => undefined), undefined);
    assert.equal(things.get('n'), undefined);
  });

  it('writes to several collections as one, or to none', async () => {
    const [one, other] = [store.collection<number>('one'), store.collection<number>('other')];
    await store.transaction(() => {
      void one.put('a', 1);
      void other.put('a', (one.get('a') ?? 0) + 1);
    });
    assert.equal(other.get('a'), 2);
    await assert.rejects(
      store.transaction(() => {
        if (one.get('a') === 1) throw new Error('no');
        void one.put('a', 3);
      }),
    );
    assert.equal(one.get('a'), 1);
  });

  it('takes changes and transactions within a transaction as parts of it', async () => {
    const things = store.collection<number>('nested');
    await store.transaction(() => {
      void things.put('n', 1);
      void things.update('n', (n = 0) => n + 1);
      void store.transaction(() => void things.update('n', (n = 0) => n * 10));
      assert.equal(things.get('n'), 20);
    });
    assert.equal(things.get('n'), 20);
  });

  it('finishes writes that were begun before it closed, and takes none afterwards', async () => {
    const things = store.collection<number>('things');
    const begun = Array.from({ length: 200 }, (_, at) => things.put(`early/${at}`, at));
    const closing = store.close();
    const late = things.put('late', 1).then(() => 'written');
    await Promise.all([...begun, closing]);
    const soon = new Promise((resolve) => setTimeout(() => resolve('waiting'), 50));
    assert.equal(await Promise.race([late, soon]), 'waiting');
    store = openStore(folder);
    assert.equal(store.collection<number>('things').count('early/'), 200);
    assert.equal(store.collection<number>('things').get('late'), undefined);
  });

  it('has everything again when it is opened again', async () => {
    await store.collection<object>('kept').put('a', { list: [1, 'ü', null], deep: { yes: true } });
    await store.close();
    store = openStore(folder);
    assert.deepEqual(store.collection<object>('kept').get('a'), {
      list: [1, 'ü', null],
      deep: { yes: true },
    });
  });
});
