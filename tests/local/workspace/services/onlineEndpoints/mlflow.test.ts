import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../../../local/workspace/cacheFolder.ts';
import { prepareEnvironment } from '../../../../../local/workspace/engine/environments/index.ts';
import { startOnlineKit, type OnlineKit } from './kit.ts';

/** The sample's environment has everything that an MLflow model needs, and most likely it is cached already. */
const CONDA_FILE = fileURLToPath(new URL('../../../../../samples/diabetes/conda.yaml', import.meta.url));

const TRAIN = `
import sys
import mlflow.sklearn
import pandas
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

data = pandas.DataFrame({"a": [1.0, 2, 3, 4], "b": [0.5, 1, 1.5, 3]})
model = LinearRegression().fit(data, data.a * 2 + data.b)
mlflow.sklearn.save_model(model, sys.argv[1], conda_env=sys.argv[2], signature=infer_signature(data, model.predict(data)))
`;

describe('an MLflow model without a scoring script', () => {
  let kit: OnlineKit;
  let folder: string;
  before(async function () {
    // Without a cached environment it is made first.
    this.timeout(600_000);
    kit = await startOnlineKit();
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-model-'));
    const environments = path.join(cacheFolder(), 'environments');
    const condaFile = await readFile(CONDA_FILE, 'utf8');
    const { python } = await prepareEnvironment(
      { condaFile },
      { cacheFolder: environments, onLog: () => {} },
    );
    // mlflow makes a folder for its runs wherever it is started.
    await promisify(execFile)(python, ['-c', TRAIN, path.join(folder, 'model'), CONDA_FILE], { cwd: folder });
    const names = await readdir(path.join(folder, 'model'));
    const files = await Promise.all(
      names.map(async (name) => [`model/${name}`, await readFile(path.join(folder, 'model', name))] as const),
    );
    const modelUri = `${await kit.upload('models', 'linear', Object.fromEntries(files))}/model`;
    await kit.arm('PUT', '/models/linear/versions/1', {
      properties: { modelUri, modelType: 'mlflow_model' },
    });
    await kit.endpoint('no-code');
    const properties = { model: 'azureml:linear:1', environmentId: null, codeConfiguration: null };
    const { operation } = await kit.deployment('no-code', 'blue', { properties });
    assert.equal(operation.status, 'Succeeded', operation.error?.message);
    await kit.traffic('no-code', { blue: 100 });
  });
  after(async () => {
    await kit.workspace.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [form, data] of [
    [
      'a table',
      {
        columns: ['a', 'b'],
        index: [0, 1],
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'lists of values',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'named values',
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    ],
  ] as const) {
    it(`answers ${form} with its predictions, in whole numbers too`, async () => {
      const answer = await kit.score('no-code', { input_data: data });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json.map(Math.round), [4, 10]);
    });
  }

  it('calls a request that does not fit a fault of the caller', async () => {
    for (const body of [{ data: [[1, 2]] }, { input_data: [{ a: 1 }] }]) {
      const answer = await kit.score('no-code', body);
      assert.equal(answer.status, 424);
      assert.equal(answer.headers['ms-azureml-model-error-statuscode'], '400', answer.text);
    }
  });
});
