import assert from 'node:assert/strict';
import {
  parseCondaDependency,
  toPipVersion,
} from '../../../../../local/workspace/engine/environments/versionSpec.ts';

describe('A conda version', () => {
  for (const [conda, pip] of [
    ['=1.5', '==1.5.*'],
    ['=1.5.*', '==1.5.*'],
    ['==1.5', '==1.5'],
    ['==1.5.*', '==1.5.*'],
    ['1.5.1', '==1.5.1'],
    ['1.26*', '==1.26.*'],
    ['=1.5.1=py39_0', '==1.5.1'],
    ['1.5.1 py39_0', '==1.5.1'],
    ['>=1.2,<2', '>=1.2,<2'],
    ['>=1.5.*', '>=1.5'],
    ['!=1.3.*', '!=1.3.*'],
    ['~=1.5.3', '~=1.5.3'],
    ['>1, !=1.7', '>1,!=1.7'],
    ['*', ''],
    ['', ''],
  ] as const) {
    it(`'${conda}' means '${pip}' to pip`, () => assert.equal(toPipVersion(conda), pip));
  }

  it('with alternatives is refused with what to write instead', () => {
    assert.throws(() => toPipVersion('1.5|1.6'), /offers alternatives with '\|'/);
  });
});

describe('A conda dependency', () => {
  for (const [text, name, version] of [
    ['scikit-learn=1.5', 'scikit-learn', '==1.5.*'],
    ['conda-forge::Numpy==1.26.4', 'numpy', '==1.26.4'],
    ['numpy 1.26.*', 'numpy', '==1.26.*'],
    ['pandas >=2,<3', 'pandas', '>=2,<3'],
    ["pytorch[version='>=2.1']", 'pytorch', '>=2.1'],
    ['pip', 'pip', ''],
  ] as const) {
    it(`'${text}' is taken apart`, () => assert.deepEqual(parseCondaDependency(text), { name, version }));
  }

  it('that makes no sense is named', () => {
    assert.throws(() => parseCondaDependency('=1.5'), /cannot be read: '=1\.5'/);
  });
});
