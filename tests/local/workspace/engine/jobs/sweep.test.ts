import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDistribution, seeded } from '../../../../../local/workspace/engine/jobs/sweep/distribution.ts';
import {
  isToEnd,
  type Termination,
} from '../../../../../local/workspace/engine/jobs/sweep/earlyTermination.ts';
import { trialsOf } from '../../../../../local/workspace/engine/jobs/sweep/sampler.ts';

const draws = (value: unknown, count = 200) => {
  const distribution = readDistribution('x', value);
  const random = seeded(3);
  return Array.from({ length: count }, () => Number(distribution.draw(random)));
};

describe('A search space', () => {
  it('draws within its limits, for every seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const value = Number(readDistribution('x', ['uniform', [0.5, 0.9]]).draw(seeded(seed)));
        assert.ok(value >= 0.5 && value < 0.9);
      }),
    );
  });

  it('draws in steps, in logarithms, whole numbers and around a mean', () => {
    assert.ok(draws(['quniform', [0, 1, 0.25]]).every((value) => [0, 0.25, 0.5, 0.75, 1].includes(value)));
    assert.ok(draws(['loguniform', [Math.log(1e-4), 0]]).every((value) => value >= 1e-4 && value <= 1));
    assert.deepEqual(new Set(draws(['randint', [3]])), new Set([0, 1, 2]));
    const normal = draws(['normal', [10, 2]], 2000);
    assert.ok(Math.abs(normal.reduce((sum, value) => sum + value, 0) / normal.length - 10) < 0.3);
    assert.ok(draws(['lognormal', [0, 1]]).every((value) => value > 0));
  });

  it('is read in the form of pipeline steps too', () => {
    assert.deepEqual(readDistribution('x', { type: 'choice', values: [1, true, 'a'] }).values, [
      '1',
      'True',
      'a',
    ]);
    assert.ok(
      draws({ type: 'uniform', min_value: 2, max_value: 3 }).every((value) => value >= 2 && value < 3),
    );
    assert.ok(draws({ type: 'randint', upper: 2 }).every((value) => value < 2));
  });

  for (const value of [['choice', [[]]], ['uniform', ['a']], ['magic', [1]], ['randint', [0]], 'choice']) {
    it(`${JSON.stringify(value)} is refused by name`, () => {
      assert.throws(() => readDistribution('rate', value), /search space of 'rate' cannot be read/);
    });
  }

  it('is gone through whole by a grid', () => {
    const space = {
      a: readDistribution('a', ['choice', [[1, 2]]]),
      b: readDistribution('b', ['choice', [['x', 'y']]]),
    };
    assert.deepEqual(
      [...trialsOf(space, { algorithm: 'grid' })],
      [
        { a: '1', b: 'x' },
        { a: '1', b: 'y' },
        { a: '2', b: 'x' },
        { a: '2', b: 'y' },
      ],
    );
    const endless = { a: readDistribution('a', ['uniform', [0, 1]]) };
    assert.throws(
      () => [...trialsOf(endless, { algorithm: 'grid' })],
      /Grid sampling needs a choice for every parameter, and 'a'/,
    );
  });
});

describe('Early termination', () => {
  const at = (policy: Termination['policy'], more: Partial<Termination> = {}): Termination => ({
    policy,
    interval: 1,
    delay: 0,
    ...more,
  });

  it('by a bandit ends what is beyond the slack', () => {
    assert.equal(isToEnd([0.7], [[0.7], [0.8]], at({ kind: 'bandit', slackFactor: 0.2 })), false);
    assert.equal(isToEnd([0.6], [[0.6], [0.8]], at({ kind: 'bandit', slackFactor: 0.2 })), true);
    assert.equal(isToEnd([0.6], [[0.6], [0.8]], at({ kind: 'bandit', slackAmount: 0.3 })), false);
  });

  it('by a bandit gives slack also where less is better', () => {
    assert.equal(isToEnd([-11], [[-11], [-10]], at({ kind: 'bandit', slackFactor: 0.2 })), false);
    assert.equal(isToEnd([-13], [[-13], [-10]], at({ kind: 'bandit', slackFactor: 0.2 })), true);
  });

  it('by the median ends the worse half', () => {
    const all = [
      [1, 1],
      [2, 2],
      [3, 3],
    ];
    assert.deepEqual(
      all.map((own) => isToEnd(own, all, at({ kind: 'median' }))),
      [true, false, false],
    );
  });

  it('by truncation ends the worst share', () => {
    const all = [[1], [2], [3], [4]];
    assert.deepEqual(
      all.map((own) => isToEnd(own, all, at({ kind: 'truncation', percentage: 50 }))),
      [true, true, false, false],
    );
  });

  it('looks at the multiples of its interval, and not before its delay', () => {
    const policy = at({ kind: 'bandit', slackAmount: 0 }, { interval: 2, delay: 3 });
    const own = (length: number) => Array.from({ length }, () => 0);
    const best = Array.from({ length: 9 }, () => 1);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((length) => isToEnd(own(length), [own(length), best], policy)),
      [false, false, false, true, false, true],
    );
  });
});
