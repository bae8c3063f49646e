import assert from 'node:assert/strict';
import { parseReference } from '../../../../../local/workspace/engine/jobs/references/index.ts';

const ARM = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

describe('An address', () => {
  for (const [text, expected] of [
    ['azureml://datastores/lake/paths/a/b.csv', { kind: 'datastore', datastore: 'lake', path: 'a/b.csv' }],
    [
      'azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.j',
      { kind: 'datastore', datastore: 'workspaceartifactstore', path: 'ExperimentRun/dcid.j' },
    ],
    [
      'azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/lake/paths/a/',
      { kind: 'datastore', datastore: 'lake', path: 'a/' },
    ],
    [
      'azureml://jobs/j/outputs/model/paths/m/MLmodel',
      { kind: 'job-output', job: 'j', output: 'model', path: 'm/MLmodel' },
    ],
    ['azureml://jobs/j/outputs/model', { kind: 'job-output', job: 'j', output: 'model', path: '' }],
    [
      'azureml://jobs/j/outputs/artifacts/paths/outputs/m',
      { kind: 'artifact', runId: 'j', path: 'outputs/m' },
    ],
    ['runs:/r/model', { kind: 'artifact', runId: 'r', path: 'model' }],
    ['azureml://artifacts/ExperimentRun/dcid.r/model', { kind: 'artifact', runId: 'r', path: 'model' }],
    ['azureml://artifacts/LocalUpload/box/model', { kind: 'local-upload', path: 'box/model' }],
    [
      'azureml://localhost:1/mlflow/v2.0/subscriptions/s/experiments/e/runs/r/artifacts/m',
      { kind: 'artifact', runId: 'r', path: 'm' },
    ],
    [
      'azureml://registries/azureml/environments/sklearn-1.5/labels/latest',
      { kind: 'asset', registry: 'azureml', asset: 'environments', name: 'sklearn-1.5', label: 'latest' },
    ],
    [
      'azureml://registries/shared/models/m/versions/4',
      { kind: 'asset', registry: 'shared', asset: 'models', name: 'm', version: '4' },
    ],
    [
      'azureml:azureml://registries/shared/components/c',
      { kind: 'asset', registry: 'shared', asset: 'components', name: 'c' },
    ],
    [
      'azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries/r/data/d/versions/1',
      { kind: 'asset', registry: 'r', asset: 'data', name: 'd', version: '1' },
    ],
    [
      'azureml://locations/x/workspaces/w/data/d/versions/1',
      { kind: 'asset', asset: 'data', name: 'd', version: '1' },
    ],
    [`${ARM}/models/m/versions/2`, { kind: 'asset', asset: 'models', name: 'm', version: '2' }],
    [
      `azureml:${ARM}/environments/e/labels/latest`,
      { kind: 'asset', asset: 'environments', name: 'e', label: 'latest' },
    ],
    [
      'wasbs://c@account.blob.core.windows.net/p',
      { kind: 'blob', account: 'account', container: 'c', path: 'p' },
    ],
    ['https://example.org/x.csv', { kind: 'url', url: 'https://example.org/x.csv' }],
    ['somewhere', { kind: 'unknown', text: 'somewhere' }],
  ] as const) {
    it(`${text} is read`, () => assert.deepEqual(parseReference(text), expected));
  }

  it('in short is read by what it stands for', () => {
    assert.deepEqual(parseReference('azureml:iris:3', 'data'), {
      kind: 'asset',
      asset: 'data',
      name: 'iris',
      version: '3',
    });
    assert.deepEqual(parseReference('azureml:AzureML-sklearn-1.5@latest', 'environments'), {
      kind: 'asset',
      asset: 'environments',
      name: 'AzureML-sklearn-1.5',
      label: 'latest',
    });
  });
});
