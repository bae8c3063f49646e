import assert from 'node:assert/strict';
import { openLab, until, type Lab } from '../jobs/lab.ts';

describe('The token of a job', () => {
  let lab: Lab;
  let token: string;
  before(async () => {
    lab = await openLab();
    await lab.submit('mine', { command: 'echo token $AZUREML_RUN_TOKEN; sleep 300' });
    await lab.submit('other', { command: 'true' });
    await lab.ended('other');
    await until(async () => /token \S+/.test(await lab.log('mine')), 'the token');
    token = /token (\S+)/.exec(await lab.log('mine'))?.[1] ?? '';
  });
  after(() => lab.stop());

  const ask = (method: string, path: string, body?: object) =>
    lab.send(method, path, { token, ...(body ? { body } : {}) });
  const mlflow = (path: string) => lab.plane('/mlflow/v2.0', `/api/2.0/mlflow/${path}`);
  const history = (path: string) => lab.plane('/history/v1.0', path);

  it('reaches its own run, its artifacts and what it creates', async () => {
    assert.equal(
      (await ask('POST', mlflow('runs/log-metric'), { run_id: 'mine', key: 'm', value: 1, timestamp: 1 }))
        .status,
      200,
    );
    assert.equal((await ask('GET', history('/runs/mine/details'))).status, 200);
    assert.equal(
      (
        await ask('POST', history('/experiments/x/runs/mine/artifacts/batch/metadata'), {
          paths: [{ path: 'a.txt' }],
        })
      ).status,
      200,
    );
    const nested = (
      await ask('POST', mlflow('runs/create'), { tags: [{ key: 'mlflow.parentRunId', value: 'mine' }] })
    ).json.run.info.run_id;
    const beside = (await ask('POST', mlflow('runs/create'), {})).json.run.info.run_id;
    for (const run of [nested, beside]) {
      assert.equal(
        (await ask('POST', mlflow('runs/set-tag'), { run_id: run, key: 'a', value: 'b' })).status,
        200,
      );
    }
    const found = await ask('POST', mlflow('runs/search'), {
      experiment_ids: [(await ask('GET', history('/runs/mine'))).json.experimentId],
    });
    assert.deepEqual(
      found.json.runs.map((run: { info: { run_id: string } }) => run.info.run_id).includes('other'),
      false,
    );
  });

  for (const [what, method, path, body] of [
    [
      "another run's metrics",
      'POST',
      () => mlflow('runs/log-metric'),
      { run_id: 'other', key: 'm', value: 1 },
    ],
    ["another run's details", 'GET', () => history('/runs/other/details'), undefined],
    ["another run's artifacts", 'GET', () => history('/experiments/x/runs/other/artifacts'), undefined],
    [
      'another run as a source of a model',
      'POST',
      () => mlflow('model-versions/create'),
      { name: 'm', source: 'runs:/other/x' },
    ],
    ['the control plane', 'GET', () => lab.url('/jobs/mine'), undefined],
    ['storage keys', 'POST', () => lab.url('/datastores/workspaceblobstore/listSecrets'), {}],
  ] as const) {
    it(`does not reach ${what}`, async () => {
      await ask('POST', mlflow('registered-models/create'), { name: 'm' });
      assert.equal((await ask(method, path(), body)).status, 403);
    });
  }

  it('can be renewed, and ends with its run', async () => {
    const renewed = await ask('GET', history('/experiments/Default/runs/mine/token'));
    assert.ok(Date.parse(renewed.json.expiryTimeUtc) > Date.now());
    assert.equal((await lab.send('GET', history('/runs/mine'), { token: renewed.json.token })).status, 200);
    await lab.send('POST', lab.url('/jobs/mine/cancel'));
    await lab.ended('mine');
    for (const ended of [token, renewed.json.token]) {
      assert.equal((await lab.send('GET', history('/runs/mine'), { token: ended })).status, 401);
    }
  });
});
