import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { openLab, type Lab } from '../jobs/lab.ts';

/** The sample's own environment: one on a machine for all tests and for the sample itself. Made once, it needs no network. */
const CONDA = new URL('../../../../../samples/diabetes/conda.yaml', import.meta.url);
const SCRIPT = new URL('./training/train.py', import.meta.url);

describe('A job that trains with scikit-learn, mlflow and azureml-mlflow as they are published', () => {
  let lab: Lab;
  before(async function () {
    // The first time on a machine its environment is made.
    this.timeout(15 * 60_000);
    lab = await openLab();
    const condaFile = await readFile(CONDA, 'utf8');
    await lab.put('/environments/training/versions/1', {
      image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
      condaFile,
    });
    const codeId = await lab.code('training', { 'train.py': await readFile(SCRIPT, 'utf8') });
    await lab.submit('training', {
      command: 'python train.py ${{outputs.model}}',
      codeId,
      experimentName: 'diabetes',
      environmentId: `${lab.id}/environments/training/versions/1`,
      outputs: { model: { jobOutputType: 'mlflow_model' } },
    });
    await lab.reached('training', 'Running', 15 * 60_000);
    const { properties } = await lab.ended('training');
    assert.equal(
      properties.status,
      'Completed',
      `${JSON.stringify((await lab.details('training')).error)}\n${await lab.log('training')}`,
    );
  });
  after(() => lab.stop());

  const mlflow = async (path: string) =>
    (await lab.send('GET', lab.plane('/mlflow/v2.0', `/api/2.0/mlflow/${path}`))).json;

  it('sees its own run, its metrics and its files through the client', async () => {
    const said = JSON.parse(/^SAID (.*)$/m.exec(await lab.log('training'))?.[1] ?? '{}');
    const models = (files: string[]) => files.filter((file) => /MLmodel$|\.pkl$/.test(file));
    assert.deepEqual(
      { ...said, files: models(said.files), registered: models(said.registered) },
      {
        run: 'training',
        version: '1',
        history: 20,
        files: ['model/MLmodel', 'model/model.pkl'],
        downloaded: 'hello',
        registered: ['MLmodel', 'model.pkl'],
        missing: 'RESOURCE_DOES_NOT_EXIST',
      },
    );
  });

  it('leaves its metrics, parameters and tags, autologged ones too', async () => {
    const { info, data } = (await mlflow('runs/get?run_id=training')).run;
    const metrics = Object.fromEntries(
      data.metrics.map(({ key, value }: { key: string; value: number }) => [key, value]),
    );
    assert.deepEqual([metrics.loss, metrics.rmse, metrics.r2], [0.05, 54.5, 0.5]);
    assert.ok(metrics.training_r2_score > 0.4);
    const params = Object.fromEntries(
      data.params.map(({ key, value }: { key: string; value: string }) => [key, value]),
    );
    assert.deepEqual([params.rows, params.alpha], ['442', '0.5']);
    assert.equal((await lab.send('GET', lab.url('/jobs/training'))).json.properties.tags.team, 'night shift');
    assert.equal(info.status, 'FINISHED');
    const history = await lab.send('POST', lab.plane('/metric/v2.0', '/runs/training/full'), {
      body: { metricName: 'loss' },
    });
    assert.equal(history.json.value.length, 20);
  });

  it('leaves its files, as artifacts and as the output', async () => {
    const { json } = await lab.send(
      'GET',
      lab.plane('/history/v1.0', '/experiments/diabetes/runs/training/artifacts'),
    );
    const paths = json.value.map((one: { path: string }) => one.path);
    for (const path of ['model/MLmodel', 'model/model.pkl', 'notes/a.txt', 'user_logs/std_log.txt'])
      assert.ok(paths.includes(path), path);
    assert.match((await lab.blob('azureml/training/model/MLmodel')) ?? '', /sklearn/);
  });

  it('leaves a child run and a registered model with its lineage', async () => {
    const { json } = await lab.send('GET', lab.plane('/history/v1.0', '/runs/training/children'));
    assert.deepEqual(
      json.value.map((run: { displayName: string; status: string }) => [run.displayName, run.status]),
      [['fold', 'Completed']],
    );
    const { properties } = (await lab.send('GET', lab.url('/models/diabetes-from-job/versions/1'))).json;
    assert.deepEqual([properties.modelType, properties.jobName], ['mlflow_model', 'training']);
    assert.ok(properties.flavors.sklearn);
  });
});
