import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  shiftTraffic,
  textOfTraffic,
  trafficOfText,
  wordsOfTraffic,
} from '../../../shared/rollout/traffic.ts';
import { joinTag, splitTag } from '../../../shared/rollout/tagText.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]{2,10}$/);

/** Shares of up to 20 deployments that add up to 100. */
const traffic = fc
  .uniqueArray(name, { minLength: 1, maxLength: 20 })
  .chain((names) =>
    fc
      .array(fc.integer({ min: 1, max: 100 }), { minLength: names.length, maxLength: names.length })
      .map((weights) => Object.fromEntries(names.map((one, index) => [one, weights[index] ?? 1]))),
  )
  .map((weights) => shiftTraffic({ ...weights, total: 1 }, 'total', 1));

describe('Traffic', () => {
  it('always adds up to 100 after a shift, in whole numbers, with the share that was asked for', () => {
    fc.assert(
      fc.property(traffic, name, fc.integer({ min: 1, max: 100 }), (before, to, percent) => {
        const after = shiftTraffic(before, to, percent);
        const shares = Object.values(after);
        assert.equal(
          shares.reduce((sum, share) => sum + share, 0),
          100,
        );
        assert.ok(shares.every((share) => Number.isInteger(share) && share > 0));
        const isAlone = Object.keys(before).every((other) => other === to);
        assert.equal(after[to], isAlone ? 100 : percent);
      }),
    );
  });

  it('keeps the proportions of those that give way', () => {
    assert.deepEqual(shiftTraffic({ blue: 60, red: 30, grey: 10 }, 'green', 50), {
      blue: 30,
      green: 50,
      grey: 5,
      red: 15,
    });
    assert.deepEqual(shiftTraffic({ blue: 100 }, 'green', 10), { blue: 90, green: 10 });
    assert.deepEqual(shiftTraffic({}, 'green', 10), { green: 100 });
  });

  it('survives being written into tags of 256 characters and read again', () => {
    fc.assert(
      fc.property(traffic, (before) => {
        const tags = splitTag('t', textOfTraffic(before));
        assert.ok(Object.values(tags).every((value) => value.length <= 256));
        assert.deepEqual(trafficOfText(joinTag(tags, 't')), before);
      }),
    );
  });

  it('is told to people with the largest share first', () => {
    assert.equal(wordsOfTraffic({ blue: 10, green: 90 }), 'green 90 %, blue 10 %');
    assert.equal(wordsOfTraffic({}), 'no traffic');
  });
});
