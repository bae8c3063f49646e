import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Effect } from '../../../shared/rollout/effects.ts';
import { identityOf } from '../../../shared/rollout/plan.ts';
import { joinTag } from '../../../shared/rollout/tagText.ts';
import { trafficOfText } from '../../../shared/rollout/traffic.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { Died, PretendEndpoint, type Fault } from './pretendEndpoint.ts';
import { anyWish, wantedOf, type Wish } from './wishes.ts';

const FIRST: Wish = { model: 1, name: 'blue', strategy: 'all-at-once', bake: 0, keep: 1, smoke: true };
const MOST_EFFECTS = 25;

/** An endpoint with a history: some rollouts came before this one. */
async function withHistory(wishes: readonly Wish[]): Promise<PretendEndpoint> {
  const endpoint = new PretendEndpoint();
  for (const wish of wishes) await deployOrSkip(endpoint, wish);
  return endpoint;
}

async function deployOrSkip(endpoint: PretendEndpoint, wish: Wish): Promise<void> {
  await endpoint.deploy(wantedOf(wish)).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
  });
}

/** A shadow needs live traffic and a held rollout blocks the next: such wishes are for other tests. */
async function isPossible(endpoint: PretendEndpoint, wish: Wish): Promise<boolean> {
  try {
    return (await endpoint.copy().deploy(wantedOf(wish))) !== 'busy';
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function untilAlive(endpoint: PretendEndpoint, wish: Wish, bad?: Effect['do']): Promise<void> {
  await endpoint.deploy(wantedOf(wish), bad ? { bad } : {});
}

async function dieAt(
  endpoint: PretendEndpoint,
  wish: Wish,
  options: { fault: Fault; bad?: Effect['do'] },
): Promise<boolean> {
  const { fault, bad } = options;
  try {
    await endpoint.deploy(wantedOf(wish), { faults: [fault], ...(bad && { bad }) });
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}

function ignoreDeath(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}

const history = fc.array(anyWish, { maxLength: 3 });

describe('a rollout', () => {
  it('ends in the same state when it is interrupted at any effect and run again', async function () {
    this.timeout(60_000);
    const check = async (before: readonly Wish[], wish: Wish): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, wish))) return;
      const smooth = start.copy();
      await smooth.deploy(wantedOf(wish));
      for (const kind of ['die before', 'die after'] as const)
        for (let effect = 1; effect <= MOST_EFFECTS; effect += 1) {
          const endpoint = start.copy();
          const died = await dieAt(endpoint, wish, { fault: { effect, kind } });
          await untilAlive(endpoint, wish);
          assert.deepEqual(endpoint.picture(), smooth.picture(), `${kind} effect ${effect}`);
          assert.deepEqual(endpoint.broken, []);
          if (!died) break;
        }
    };
    await fc.assert(fc.asyncProperty(history, anyWish, check), { numRuns: 150, includeErrorInReport: true });
  });

  it('ends in the same state after several interruptions in a row', async function () {
    this.timeout(60_000);
    const faults = fc.array(
      fc.record({ effect: fc.integer({ min: 1, max: 8 }), kind: fc.constantFrom('die before', 'die after') }),
      { maxLength: 6 },
    ) as fc.Arbitrary<Fault[]>;
    const check = async (before: readonly Wish[], wish: Wish, deaths: readonly Fault[]): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, wish))) return;
      const smooth = start.copy();
      await smooth.deploy(wantedOf(wish));
      for (const fault of deaths) await dieAt(start, wish, { fault });
      await untilAlive(start, wish);
      assert.deepEqual(start.picture(), smooth.picture());
      assert.deepEqual(start.broken, []);
    };
    await fc.assert(fc.asyncProperty(history, anyWish, faults, check), {
      numRuns: 300,
      includeErrorInReport: true,
    });
  });

  it('leaves everything as it was when the service fails at any effect', async function () {
    this.timeout(60_000);
    const check = async (before: readonly Wish[], wish: Wish): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, wish))) return;
      for (const kind of ['fail before', 'fail after'] as const)
        for (let effect = 1; effect <= MOST_EFFECTS; effect += 1) {
          const endpoint = start.copy();
          const ended = await endpoint.deploy(wantedOf(wish), { faults: [{ effect, kind }] });
          assert.notEqual(ended, 'busy');
          assert.deepEqual(endpoint.broken, []);
          if (ended !== 'busy' && ended.at === 'undone')
            assert.deepEqual(endpoint.picture(), start.picture(), `${kind} effect ${effect}`);
          else
            assert.ok(
              ended !== 'busy' && (ended.at === 'finished' || ended.at === 'held'),
              'only clearing up may fail',
            );
        }
    };
    await fc.assert(fc.asyncProperty(history, anyWish, check), { numRuns: 150, includeErrorInReport: true });
  });

  it('leaves everything as it was when the new deployment is no good and the run dies while undoing', async function () {
    this.timeout(60_000);
    const bad = fc.constantFrom<Effect['do']>('prepare-deployment', 'smoke-test', 'bake');
    const check = async (before: readonly Wish[], wish: Wish, effect: Effect['do']): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, wish))) return;
      for (let at = 1; at <= MOST_EFFECTS; at += 1) {
        const endpoint = start.copy();
        const died = await dieAt(endpoint, wish, { fault: { effect: at, kind: 'die after' }, bad: effect });
        const ended = await endpoint.deploy(wantedOf(wish), { bad: effect });
        assert.deepEqual(endpoint.broken, []);
        if (ended !== 'busy' && ended.at === 'undone')
          assert.deepEqual(endpoint.picture(), start.picture(), `died after effect ${at}`);
        if (!died) break;
      }
    };
    await fc.assert(fc.asyncProperty(history, anyWish, bad, check), {
      numRuns: 150,
      includeErrorInReport: true,
    });
  });

  it('does nothing when it is run again after its end', async () => {
    const check = async (before: readonly Wish[], wish: Wish): Promise<void> => {
      const endpoint = await withHistory(before);
      if (!(await isPossible(endpoint, wish))) return;
      const first = await endpoint.deploy(wantedOf(wish));
      const picture = endpoint.picture();
      endpoint.journal.length = 0;
      const second = await endpoint.deploy(wantedOf(wish));
      assert.deepEqual(endpoint.journal, []);
      assert.deepEqual(endpoint.picture(), picture);
      assert.ok(first !== 'busy' && second !== 'busy' && first.at === second.at);
      assert.equal(second.course.planHash, first.course.planHash);
    };
    await fc.assert(fc.asyncProperty(history, anyWish, check), { numRuns: 300, includeErrorInReport: true });
  });

  it('gives a new deployment no traffic before its smoke test has passed', async () => {
    const endpoint = await withHistory([FIRST]);
    endpoint.journal.length = 0;
    await endpoint.deploy(wantedOf({ ...FIRST, model: 2, strategy: 'canary', bake: 5 }));
    assert.deepEqual(endpoint.journal, [
      'put-endpoint',
      'prepare-deployment green',
      'smoke-test green',
      'put-endpoint',
      'bake green',
      'put-endpoint',
      'bake green',
      'put-endpoint',
    ]);
    assert.deepEqual(endpoint.endpoint?.traffic.live, { green: 100 });
  });

  it('that another request interrupted is undone first, once its run cannot be at work any more', async () => {
    const check = async (before: readonly Wish[], one: Wish, other: Wish, at: number): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, one)) || !(await isPossible(start, other))) return;
      const smooth = start.copy();
      await smooth.deploy(wantedOf(other));
      const died = await dieAt(start, one, { fault: { effect: at, kind: 'die after' } });
      const isOpen = start.endpoint?.tags['delivery.rollout'] !== undefined;
      if (!died || !isOpen || start.endpoint?.tags['delivery.rollout']?.includes('phase=held')) return;
      if (identityOf(wantedOf(one)) !== identityOf(wantedOf(other)))
        assert.equal(await start.deploy(wantedOf(other)), 'busy');
      start.clock += 4 * 3_600_000;
      await start.deploy(wantedOf(other));
      assert.deepEqual(start.picture(), smooth.picture());
      assert.deepEqual(start.broken, []);
    };
    const effect = fc.integer({ min: 1, max: 8 });
    await fc.assert(fc.asyncProperty(history, anyWish, anyWish, effect, check), {
      numRuns: 500,
      includeErrorInReport: true,
    });
  });

  it("held below 100 % can be promoted, rolled back, and is in nobody else's way", async () => {
    const held = { ...FIRST, model: 2, strategy: 'canary', bake: 5, steps: ['20'] } as const;
    const endpoint = await withHistory([FIRST, held]);
    assert.deepEqual(endpoint.endpoint?.traffic.live, { blue: 80, green: 20 });
    assert.equal(await endpoint.deploy(wantedOf({ ...FIRST, model: 3 })), 'busy');
    const promoted = endpoint.copy();
    assert.equal((await promoted.promote('green'))?.at, 'finished');
    assert.deepEqual(promoted.endpoint?.traffic.live, { green: 100 });
    const again = promoted.picture();
    assert.equal(await promoted.promote('green'), undefined);
    assert.deepEqual(promoted.picture(), again);
    assert.equal((await endpoint.rollBack())?.at, 'undone');
    assert.deepEqual(endpoint.endpoint?.traffic, { live: { blue: 100 }, mirror: {} });
    assert.equal(endpoint.endpoint?.tags['delivery.rollout'], undefined);
    assert.deepEqual(
      endpoint.endpoint?.deployments.map(({ name }) => name),
      ['blue'],
    );
  });

  it('that is finished can be rolled back, once, whatever is interrupted meanwhile', async function () {
    this.timeout(60_000);
    const check = async (before: readonly Wish[], wish: Wish): Promise<void> => {
      const start = await withHistory(before);
      if (!(await isPossible(start, wish))) return;
      const done = start.copy();
      await done.deploy(wantedOf({ ...wish, keep: 3 }));
      const smooth = done.copy();
      await smooth.rollBack();
      const previous = trafficOfText(joinTag(done.endpoint?.tags ?? {}, 'delivery.previous'));
      const isKept = Object.keys(previous).every((name) =>
        done.endpoint?.deployments.some((d) => d.name === name),
      );
      if (!done.endpoint?.tags['delivery.rollout'] && Object.keys(previous).length > 0 && isKept)
        assert.deepEqual(smooth.endpoint?.traffic.live, previous);
      for (const kind of ['die before', 'die after'] as const)
        for (let effect = 1; effect <= 5; effect += 1) {
          const endpoint = done.copy();
          await endpoint.rollBack([{ effect, kind }]).catch(ignoreDeath);
          await endpoint.rollBack();
          assert.deepEqual(endpoint.picture(), smooth.picture(), `${kind} effect ${effect}`);
          assert.deepEqual(endpoint.broken, []);
        }
    };
    await fc.assert(fc.asyncProperty(history, anyWish, check), { numRuns: 200, includeErrorInReport: true });
  });

  it('leaves traffic alone that somebody moved meanwhile, and ends', async () => {
    const endpoint = await withHistory([FIRST]);
    const canary = { ...FIRST, model: 2, strategy: 'canary', bake: 5, steps: ['10', '50', '100'] } as const;
    await dieAt(endpoint, canary, { fault: { effect: 5, kind: 'die after' } });
    assert.deepEqual(endpoint.endpoint?.traffic.live, { blue: 90, green: 10 });
    endpoint.endpoint = { ...endpoint.endpoint!, traffic: { live: { blue: 70, green: 30 }, mirror: {} } };
    const ended = await endpoint.deploy(wantedOf(canary));
    assert.ok(ended !== 'busy' && ended.at === 'undone' && ended.failure?.drift);
    assert.deepEqual(endpoint.endpoint?.traffic.live, { blue: 70, green: 30 });
    assert.equal(endpoint.endpoint?.tags['delivery.rollout'], undefined);
  });
});
