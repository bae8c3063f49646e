import assert from 'node:assert/strict';
import {
  Dispatcher,
  type Slot,
  type Worker,
} from '../../../../../local/workspace/engine/scoring/dispatcher.ts';

const never = new AbortController().signal;

describe('a dispatcher of requests to instances', () => {
  it('gives each request to the least loaded instance', async () => {
    const workers = workersOn(7001, 7002);
    const dispatcher = new Dispatcher(
      () => workers,
      () => 2,
    );
    const ports = [];
    for (let count = 0; count < 4; count += 1) ports.push(slotOf(await dispatcher.acquire(never)).port);
    assert.deepEqual(ports, [7001, 7002, 7001, 7002]);
  });

  it('lets twice as many in as are worked on, and refuses the next', async () => {
    const workers = workersOn(7001);
    const dispatcher = new Dispatcher(
      () => workers,
      () => 1,
    );
    const first = slotOf(await dispatcher.acquire(never));
    const second = dispatcher.acquire(never);
    assert.equal(await dispatcher.acquire(never), 'too-many');
    first.release();
    assert.equal(slotOf(await second).port, 7001);
  });

  it('serves those who wait in the order they came', async () => {
    const workers = workersOn(7001);
    const dispatcher = new Dispatcher(
      () => workers,
      () => 3,
    );
    const held = await Promise.all([1, 2, 3].map(() => dispatcher.acquire(never)));
    const order: number[] = [];
    const waiting = [4, 5, 6].map((number) => dispatcher.acquire(never).then(() => order.push(number)));
    for (const slot of held) slotOf(slot).release();
    await Promise.all(waiting);
    assert.deepEqual(order, [4, 5, 6]);
  });

  it('forgets a request whose caller gave up waiting', async () => {
    const workers = workersOn(7001);
    const dispatcher = new Dispatcher(
      () => workers,
      () => 1,
    );
    const held = slotOf(await dispatcher.acquire(never));
    const caller = new AbortController();
    const waiting = dispatcher.acquire(caller.signal);
    caller.abort();
    assert.equal(await waiting, 'given-up');
    held.release();
    assert.equal(dispatcher.inFlight, 0);
  });

  it('says so when no instance is ready, and goes on when one is', async () => {
    const workers: { port: number | undefined; load: number }[] = [{ port: undefined, load: 0 }];
    const dispatcher = new Dispatcher(
      () => workers,
      () => 1,
    );
    assert.equal(await dispatcher.acquire(never), 'no-instance');
    workers[0]!.port = 7001;
    assert.equal(slotOf(await dispatcher.acquire(never)).port, 7001);
  });

  it('counts a slot that is released twice once', async () => {
    const workers = workersOn(7001);
    const dispatcher = new Dispatcher(
      () => workers,
      () => 1,
    );
    const slot = slotOf(await dispatcher.acquire(never));
    slot.release();
    slot.release();
    assert.equal(workers[0]?.load, 0);
    assert.equal(dispatcher.inFlight, 0);
  });
});

function workersOn(...ports: number[]): Worker[] {
  return ports.map((port) => ({ port, load: 0 }));
}

function slotOf(slot: Slot | string): Slot {
  assert.ok(typeof slot !== 'string', `got ${String(slot)} instead of a slot`);
  return slot;
}
