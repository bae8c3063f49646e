import assert from 'node:assert/strict';
import { parseCondaFile } from '../../../../../local/workspace/engine/environments/condaFile.ts';
import { requirementsOf } from '../../../../../local/workspace/engine/environments/requirements.ts';

const from = (...dependencies: string[]) =>
  requirementsOf(
    parseCondaFile(
      `channels: [conda-forge]\ndependencies:\n${dependencies.map((line) => `- ${line}\n`).join('')}`,
    ),
  );

describe('A conda file', () => {
  it('becomes pip requirements, its Python apart', () => {
    const { lines, python, warnings } = from(
      'python=3.11',
      'scikit-learn=1.5',
      'pip',
      'pip:\n  - mlflow==2.22.4\n  - "--extra-index-url https://x/y"',
    );
    assert.deepEqual(lines, ['scikit-learn==1.5.*', 'mlflow==2.22.4', '--extra-index-url https://x/y']);
    assert.equal(python, '==3.11.*');
    assert.deepEqual(warnings, []);
  });

  it('has packages of other names on PyPI renamed', () => {
    assert.deepEqual(from('pytorch=2.1', 'opencv', 'msgpack-python', 'matplotlib-base>=3').lines, [
      'torch==2.1.*',
      'opencv-python-headless',
      'msgpack',
      'matplotlib>=3',
    ]);
  });

  it('loses what every environment has, without a word', () => {
    const { lines, warnings } = from(
      'pip=21.2.4',
      'openssl=1.1.1w',
      '_libgcc_mutex=0.1=main',
      'libgcc-ng',
      'ca-certificates',
    );
    assert.deepEqual([lines, warnings], [[], []]);
  });

  it('keeps Python packages whose names look like libraries', () => {
    assert.deepEqual(from('librosa', 'libcst').lines, ['librosa', 'libcst']);
  });

  it('loses accelerator libraries and programs with a warning that names them', () => {
    const { lines, warnings } = from('cudatoolkit=11.8', 'nodejs');
    assert.deepEqual(lines, []);
    assert.match(warnings[0] ?? '', /'cudatoolkit=11\.8' is left out/);
    assert.match(warnings[1] ?? '', /'nodejs' is left out: it is not a Python package/);
  });

  it('is refused by name when it needs conda itself', () => {
    assert.throws(
      () => from('r-base=4.2', 'numpy', 'gdal'),
      /'r-base=4\.2': R packages need conda\. 'gdal': GDAL/,
    );
  });

  it('warns about channels that are not asked', () => {
    const conda = parseCondaFile('channels: [defaults, https://corp.example/conda]\ndependencies: [numpy]');
    assert.match(requirementsOf(conda).warnings[0] ?? '', /https:\/\/corp\.example\/conda/);
  });

  it('may not name files in its pip list', () => {
    assert.throws(
      () => from('pip:\n  - -r requirements.txt'),
      /names a file that the environment does not carry/,
    );
  });

  for (const [text, reason] of [
    ['dependencies: [', /not YAML/],
    ['just text', /not a mapping/],
    ['dependencies: numpy', /'dependencies' is not a list/],
    ['dependencies: [{conda: [x]}]', /neither a name nor a pip list: \{"conda":\["x"\]\}/],
    ['dependencies: [{pip: [1]}]', /entry that is not text: 1/],
  ] as const) {
    it(`that reads "${text}" is refused with the reason`, () =>
      assert.throws(() => parseCondaFile(text), reason));
  }
});
