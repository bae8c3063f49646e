import assert from 'node:assert/strict';
import { cacheEntry, normalised } from '../../../../../local/workspace/engine/environments/cache.ts';

const python = {
  python: '/usr/bin/python3',
  version: '3.11.7',
  implementation: 'cpython',
  platform: 'linux-x86_64',
};

describe('The cache of environments', () => {
  it('gives equal requirements one place, whatever their order and spelling', () => {
    const one = cacheEntry('/cache', python, ['Scikit_Learn == 1.5.*', 'numpy>=1.26']);
    const other = cacheEntry('/cache', python, ['numpy >= 1.26', 'scikit-learn==1.5.*', 'numpy>=1.26']);
    assert.equal(one.hash, other.hash);
  });

  it('gives other versions, Pythons and platforms other places', () => {
    const hashes = [
      cacheEntry('/cache', python, ['numpy==1']),
      cacheEntry('/cache', python, ['numpy==2']),
      cacheEntry('/cache', { ...python, version: '3.11.8' }, ['numpy==1']),
      cacheEntry('/cache', { ...python, platform: 'macosx-arm64' }, ['numpy==1']),
    ].map((entry) => entry.hash);
    assert.equal(new Set(hashes).size, 4);
  });

  it('leaves options, markers and addresses as they are', () => {
    assert.deepEqual(
      normalised([
        '--extra-index-url https://Host/Path',
        'Pkg[Extra] ; python_version < "3.9"',
        'x @ https://Host/x.whl',
      ]),
      [
        '--extra-index-url https://Host/Path',
        'pkg[Extra] ; python_version<"3.9"',
        'x@ https://Host/x.whl',
      ].sort(),
    );
  });
});
