import assert from 'node:assert/strict';
import { ComputeNodes, type NodeLimits } from '../../../../local/workspace/engine/computes/index.ts';

const LIMITS: NodeLimits = { min: 0, max: 2, idleInMs: 1000, isOn: true };

describe('The nodes of a compute', () => {
  let now = 0;
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const asked = (runId: string, count: number, change: Partial<NodeLimits> = {}) => ({
    compute: 'C',
    runId,
    count,
    limits: () => ({ ...LIMITS, ...change }),
    signal: new AbortController().signal,
  });
  const settled = async (promise: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      promise.then(() => true),
      new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
    ]);

  it('are given in the order they were asked for, also when a later one would fit', async () => {
    const nodes = new ComputeNodes(clock);
    const giveBack = await nodes.acquire(asked('one', 1));
    const large = nodes.acquire(asked('two', 2));
    const small = nodes.acquire(asked('three', 1));
    assert.deepEqual([await settled(large), await settled(small)], [false, false]);
    giveBack();
    assert.deepEqual([await settled(large), await settled(small)], [true, false]);
    (await large)();
    assert.equal(await settled(small), true);
  });

  it('are freed for others when somebody stops waiting', async () => {
    const nodes = new ComputeNodes(clock);
    await nodes.acquire(asked('one', 1));
    const control = new AbortController();
    const large = nodes.acquire({ ...asked('two', 2), signal: control.signal });
    const small = nodes.acquire(asked('three', 1));
    control.abort(new Error('no more'));
    await assert.rejects(large, /no more/);
    assert.equal(await settled(small), true);
  });

  it('are kept for a while after work, then only as many as the minimum', async () => {
    const nodes = new ComputeNodes(clock);
    now = 0;
    (await nodes.acquire(asked('one', 2)))();
    assert.equal(nodes.list('c', LIMITS).length, 2);
    now = 1001;
    assert.equal(nodes.list('c', { ...LIMITS, min: 1 }).length, 1);
    assert.equal(nodes.list('c', LIMITS).length, 0);
  });

  it('are never had when more are asked for than there can be, or the compute is gone', async () => {
    const nodes = new ComputeNodes(clock);
    await assert.rejects(nodes.acquire(asked('one', 3)), /asks for 3 nodes.*at most 2/);
    await assert.rejects(nodes.acquire({ ...asked('one', 1), limits: () => undefined }), /was deleted/);
  });
});
