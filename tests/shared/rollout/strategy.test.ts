import assert from 'node:assert/strict';
import { readSteps, trafficSteps } from '../../../shared/rollout/strategy.ts';
import type { RolloutWish, Strategy } from '../../../shared/rollout/endpointState.ts';

function steps(strategy: Strategy, text: string): readonly number[] | string {
  const read = readSteps(strategy, text.split(',').filter(Boolean));
  return 'complaint' in read ? read.complaint : read.steps;
}

function wish(strategy: Strategy, text = ''): RolloutWish {
  const read = steps(strategy, text);
  assert.ok(typeof read !== 'string', String(read));
  return { strategy, steps: read, bakeTimeInMinutes: 0, keepPrevious: 1, limits: {} };
}

describe('The steps of a strategy', () => {
  for (const [strategy, text, expected] of [
    ['canary', '', [10, 100]],
    ['canary', '10,50,100', [10, 50, 100]],
    ['canary', '5 %,20%', [5, 20]],
    ['linear', '', [25, 50, 75, 100]],
    ['linear', '30', [30, 60, 90, 100]],
    ['shadow', '', [10]],
    ['shadow', '10,50', [10, 50]],
    ['blue-green', '100', [100]],
    ['canary', '50,10', 'The steps 50, 10 do not rise.'],
    ['canary', '10,ten', "The step 'ten' is not a whole number from 1 to 100."],
    ['canary', '0', "The step '0' is not a whole number from 1 to 100."],
    ['linear', '10,20', /takes one number/],
    ['shadow', '60', /At most 50 %/],
    ['all-at-once', '10,100', /moves all traffic at once/],
    ['blue-green', '50', /moves all traffic at once/],
  ] as const)
    it(`${strategy} ${text || '(default)'} are ${String(expected)}`, () => {
      const read = steps(strategy, text);
      if (expected instanceof RegExp) assert.match(String(read), expected);
      else assert.deepEqual(read, expected);
    });
});

describe('The traffic of a rollout', () => {
  const before = { live: { blue: 100 }, mirror: {} };

  it('moves from those that serve to the new deployment', () => {
    assert.deepEqual(
      trafficSteps(wish('canary', '10,100'), 'green', before).map(({ live }) => live),
      [{ blue: 90, green: 10 }, { green: 100 }],
    );
  });

  it('goes to the first deployment at once, as there is nothing to share with', () => {
    const first = trafficSteps(wish('canary', '10,100'), 'blue', { live: {}, mirror: {} });
    assert.deepEqual(first, [{ live: { blue: 100 }, mirror: {} }]);
  });

  it('is only copied to a shadow', () => {
    assert.deepEqual(trafficSteps(wish('shadow', '10,50'), 'green', before), [
      { live: { blue: 100 }, mirror: { green: 10 } },
      { live: { blue: 100 }, mirror: { green: 50 } },
    ]);
  });

  it('is not copied any more to a deployment that now takes it itself, and is left alone for others', () => {
    const shadowed = { live: { blue: 100 }, mirror: { green: 20 } };
    assert.deepEqual(trafficSteps(wish('blue-green'), 'green', shadowed)[0]?.mirror, {});
    assert.deepEqual(trafficSteps(wish('blue-green'), 'red', shadowed)[0]?.mirror, { green: 20 });
  });

  it('does not move when the deployment takes everything already', () => {
    assert.deepEqual(trafficSteps(wish('canary'), 'blue', before), []);
  });
});
