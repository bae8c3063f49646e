import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseByTraffic, chooseMirror } from '../../../../../local/workspace/services/scoring/choose.ts';

describe('the choice of a deployment', () => {
  it('follows the shares of traffic exactly', () => {
    const counts = countBy(10_000, (random) => chooseByTraffic({ blue: 90, green: 10, red: 0 }, random));
    assert.deepEqual(counts, { blue: 9_000, green: 1_000 });
  });

  it('never falls on a deployment without a share', () => {
    const traffic = fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 100 }));
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(traffic, random, (shares, number) => {
        const chosen = chooseByTraffic(shares, number);
        const hasTraffic = Object.values(shares).some((share) => share > 0);
        assert.equal(chosen !== undefined, hasTraffic);
        if (chosen !== undefined) assert.ok((shares[chosen] ?? 0) > 0);
      }),
    );
  });

  it('sends copies of exactly the share that is mirrored', () => {
    const counts = countBy(10_000, (random) => chooseMirror({ green: 25 }, random) ?? 'none');
    assert.deepEqual(counts, { green: 2_500, none: 7_500 });
  });

  it('sends no copies when none are asked for', () => {
    assert.equal(chooseMirror({}, 0), undefined);
    assert.equal(chooseMirror({ green: 0 }, 0), undefined);
  });
});

/** How often each outcome comes up over evenly spread numbers. */
function countBy(total: number, choose: (random: number) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < total; index += 1) {
    const chosen = choose(index / total) ?? 'nothing';
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  return counts;
}
