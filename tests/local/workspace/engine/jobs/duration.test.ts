import assert from 'node:assert/strict';
import { milliseconds } from '../../../../../local/workspace/engine/jobs/duration.ts';

describe('A duration', () => {
  for (const [text, expected] of [
    ['PT1M', 60_000],
    ['PT0.5S', 500],
    ['P1DT2H3M4S', 93_784_000],
    ['P', undefined],
    ['PT', undefined],
    ['1h', undefined],
  ] as const) {
    it(`'${text}' is ${expected === undefined ? 'none' : `${expected} ms`}`, () =>
      assert.equal(milliseconds(text), expected));
  }
});
