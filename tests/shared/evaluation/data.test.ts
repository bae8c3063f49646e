import assert from 'node:assert/strict';
import { compareData, type DataSource } from '../../../shared/evaluation/index.ts';

const workspace =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';
const on = (...inputs: DataSource[]) => ({ inputs });
const input = (name: string, uri: string, sha256?: string): DataSource => ({
  name,
  uri,
  ...(sha256 && { sha256 }),
});

describe('The data two models were measured on', () => {
  it('is the same when every input has the same content, wherever it lies', () => {
    assert.equal(
      compareData(on(input('test', 'https://a/x', '01')), on(input('test', 'https://b/y', '01'))),
      'same',
    );
  });

  it('is different when one input has other content, even at the same place', () => {
    const champion = on(input('test', 'https://a/x', '02'), input('train', 'https://a/t'));
    assert.equal(
      compareData(on(input('test', 'https://a/x', '01'), input('train', 'https://a/t')), champion),
      'different',
    );
  });

  it('is told by its place when the content is not known, whatever the spelling', () => {
    const short = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/9f/test.csv';
    const long = `azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/workspaceblobstore/paths/LocalUpload/9f/test.csv/`;
    assert.equal(compareData(on(input('test', short)), on(input('test', long))), 'same');
    assert.equal(
      compareData(
        on(input('test', 'azureml:diabetes:3')),
        on(input('test', `${workspace}/data/diabetes/versions/3`)),
      ),
      'same',
    );
    assert.equal(
      compareData(on(input('test', 'azureml:diabetes:3')), on(input('test', 'azureml:diabetes:4'))),
      'different',
    );
  });

  it('is compared only on the inputs that were named', () => {
    const candidate = on(input('train', 'https://a/2'), input('test', 'https://a/t'));
    const champion = on(input('train', 'https://a/1'), input('test', 'https://a/t'));
    assert.equal(compareData(candidate, champion), 'different');
    assert.equal(compareData(candidate, champion, ['test']), 'same');
    assert.equal(compareData(candidate, champion, ['holdout']), 'unknown');
  });

  it('is different when the number of rows differs, and when only one of them has an input', () => {
    const test = input('test', 'https://a/t');
    assert.equal(compareData({ inputs: [test], rows: 100 }, { inputs: [test], rows: 99 }), 'different');
    assert.equal(compareData(on(test), on(test, input('extra', 'https://a/e'))), 'different');
  });

  it('is unknown when either side, or every input, is unknown', () => {
    assert.equal(compareData(undefined, on(input('test', 'https://a/t'))), 'unknown');
    assert.equal(compareData(on(), on()), 'unknown');
  });
});
