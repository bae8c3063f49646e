import assert from 'node:assert/strict';
import { problemsOf } from '../../scripts/checks/bundles.mjs';

const bundle = (bytes: number, imports: { path: string; external?: boolean }[]): object => ({
  outputs: { 'index.js': { bytes, imports } },
});

describe('The check of bundles', () => {
  it('is content with a small bundle that needs nothing but Node', () => {
    assert.deepEqual(problemsOf(bundle(2_000_000, [{ path: 'node:fs', external: true }])), []);
  });

  it('names a package that a bundle needs and does not hold', () => {
    assert.deepEqual(problemsOf(bundle(1, [{ path: 'canvas', external: true }])), [
      "index.js needs 'canvas', which is not in it.",
    ]);
  });

  it('names a bundle that is too large', () => {
    assert.match(problemsOf(bundle(2_700_000, [])).join(), /2700000 bytes/);
  });
});
