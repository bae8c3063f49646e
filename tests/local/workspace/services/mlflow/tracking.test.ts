import assert from 'node:assert/strict';
import { openLab, type Lab } from '../jobs/lab.ts';

describe('MLflow tracking', () => {
  let lab: Lab;
  let experiment: string;
  before(async () => {
    lab = await openLab();
    experiment = (await post('experiments/create', { name: 'trees', tags: [{ key: 'team', value: 'a' }] }))
      .json.experiment_id;
  });
  after(() => lab.stop());

  const path = (call: string, version = 'v2.0') => lab.plane(`/mlflow/${version}`, `/api/2.0/mlflow/${call}`);
  const post = (call: string, body: object) => lab.send('POST', path(call), { body });
  const get = (call: string) => lab.send('GET', path(call));
  const newRun = async (body: object = {}) =>
    (await post('runs/create', { experiment_id: experiment, start_time: '1700000000000', ...body })).json.run
      .info.run_id as string;
  const runData = async (id: string) => (await get(`runs/get?run_id=${id}`)).json.run;

  it('answers under both prefixes and the preview path', async () => {
    for (const address of [
      path(`experiments/get?experiment_id=${experiment}`, 'v1.0'),
      path(`experiments/get?experiment_id=${experiment}`),
      lab.plane('/mlflow/v2.0', `/api/2.0/preview/mlflow/experiments/get?experiment_id=${experiment}`),
    ]) {
      assert.equal((await lab.send('GET', address)).json.experiment.name, 'trees');
    }
  });

  it('finds experiments by name, and says in MLflow words when there is none', async () => {
    assert.equal(
      (await get('experiments/get-by-name?experiment_name=trees')).json.experiment.experiment_id,
      experiment,
    );
    const missing = await get('experiments/get-by-name?experiment_name=nope');
    assert.equal(missing.status, 404);
    assert.equal(missing.json.error_code, 'RESOURCE_DOES_NOT_EXIST');
    const taken = await post('experiments/create', { name: 'trees' });
    assert.deepEqual([taken.status, taken.json.error_code], [400, 'RESOURCE_ALREADY_EXISTS']);
  });

  it('renames, deletes, restores and searches experiments', async () => {
    const { experiment_id: id } = (await post('experiments/create', { name: 'old' })).json;
    await post('experiments/update', { experiment_id: id, new_name: 'new' });
    await post('experiments/set-experiment-tag', { experiment_id: id, key: 'k', value: 'v' });
    await post('experiments/delete', { experiment_id: id });
    const names = async (body: object) =>
      (await post('experiments/search', body)).json.experiments.map((one: { name: string }) => one.name);
    assert.ok(!(await names({})).includes('new'));
    assert.deepEqual(await names({ view_type: 'DELETED_ONLY' }), ['new']);
    await post('experiments/restore', { experiment_id: id });
    assert.deepEqual(await names({ filter: "tags.k = 'v'" }), ['new']);
    assert.deepEqual(await names({ filter: "name LIKE 'tre%'" }), ['trees']);
  });

  it('keeps a run from its creation to its end', async () => {
    const id = await newRun({ run_name: 'first', tags: [{ key: 'mlflow.source.name', value: 'x.py' }] });
    const { info, data } = await runData(id);
    assert.deepEqual(
      [info.run_name, info.status, info.start_time, info.lifecycle_stage],
      ['first', 'RUNNING', 1700000000000, 'active'],
    );
    assert.match(
      info.artifact_uri,
      new RegExp(`^azureml://.*/experiments/${experiment}/runs/${id}/artifacts$`),
    );
    assert.ok(data.tags.some((tag: { key: string }) => tag.key === 'mlflow.source.name'));
    const ended = await post('runs/update', { run_id: id, status: 'FINISHED', end_time: 1700000001000 });
    assert.deepEqual([ended.json.run_info.status, ended.json.run_info.end_time], ['FINISHED', 1700000001000]);
    const { json } = await lab.send('GET', lab.plane('/history/v1.0', `/runs/${id}`));
    assert.equal(json.status, 'Completed');
  });

  it('keeps metrics with their history, the latest point shown', async () => {
    const id = await newRun();
    for (const [value, step] of [
      [0.9, 0],
      [0.5, 2],
      [0.7, 1],
    ] as const) {
      await post('runs/log-metric', {
        run_uuid: id,
        run_id: id,
        key: 'loss',
        value,
        timestamp: 1700000000000 + step,
        step,
      });
    }
    assert.deepEqual((await runData(id)).data.metrics, [
      { key: 'loss', value: 0.5, timestamp: 1700000000002, step: 2 },
    ]);
    const { json } = await get(`metrics/get-history?run_id=${id}&metric_key=loss`);
    assert.deepEqual(
      json.metrics.map((point: { value: number }) => point.value),
      [0.9, 0.5, 0.7],
    );
    const paged = await get(`metrics/get-history?run_id=${id}&metric_key=loss&max_results=2`);
    const rest = await get(
      `metrics/get-history?run_id=${id}&metric_key=loss&max_results=2&page_token=${paged.json.next_page_token}`,
    );
    assert.deepEqual(
      [paged.json.metrics.length, rest.json.metrics.length, rest.json.next_page_token],
      [2, 1, undefined],
    );
  });

  it('takes numbers that JSON does not have, as text and back', async () => {
    const id = await newRun();
    await post('runs/log-batch', {
      run_id: id,
      metrics: [
        { key: 'a', value: 'NaN', timestamp: '1', step: '0' },
        { key: 'b', value: '-Infinity', timestamp: 1 },
      ],
    });
    assert.deepEqual(
      (await runData(id)).data.metrics.map((point: { value: unknown }) => point.value),
      ['NaN', '-Infinity'],
    );
    const { json } = await lab.send('POST', lab.plane('/metric/v2.0', `/runs/${id}/list`), { body: {} });
    assert.equal(json.value[0].value[0].data.a, 'NaN');
  });

  it('takes batches up to MLflow limits, also the asynchronous form of the plugin', async () => {
    const id = await newRun();
    const metrics = Array.from({ length: 1000 }, (_, step) => ({
      key: 'm',
      value: step,
      timestamp: step,
      step,
    }));
    assert.equal(
      (
        await post('runs/log-batch', {
          run_id: id,
          metrics,
          params: [{ key: 'p', value: '1' }],
          tags: [{ key: 't', value: 'x' }],
        })
      ).status,
      200,
    );
    const over = await post('runs/log-batch', { run_id: id, metrics: [...metrics, metrics[0]] });
    assert.match(over.json.message, /at most 1000 metrics\. Got 1001/);
    const asynchronous = await lab.send(
      'POST',
      lab.plane('/mlflow/v2.0', '/api/2.0/preview/mlflow/runs/log-batch-async'),
      { body: { run_id: id, metrics: [metrics[0]] } },
    );
    assert.deepEqual(asynchronous.json, { batch_tracking_id: '' });
    assert.equal((await get(`metrics/get-history?run_id=${id}&metric_key=m`)).json.metrics.length, 1001);
    const full = await lab.send('POST', lab.plane('/metric/v2.0', `/runs/${id}/full`), {
      body: { metricName: 'm' },
    });
    assert.equal(full.json.value.length, 1001);
  });

  it('keeps the value of a parameter', async () => {
    const id = await newRun();
    await post('runs/log-parameter', { run_id: id, key: 'lr', value: '0.1' });
    assert.equal((await post('runs/log-parameter', { run_id: id, key: 'lr', value: '0.1' })).status, 200);
    const changed = await post('runs/log-parameter', { run_id: id, key: 'lr', value: '0.2' });
    assert.deepEqual([changed.status, changed.json.error_code], [400, 'INVALID_PARAMETER_VALUE']);
    assert.match(changed.json.message, /key='lr' was already logged with value='0\.1'/);
  });

  it('sets and deletes tags, and names a run by its tag', async () => {
    const id = await newRun();
    await post('runs/set-tag', { run_id: id, key: 'mlflow.runName', value: 'renamed' });
    await post('runs/set-tag', { run_id: id, key: 'gone', value: 'x' });
    await post('runs/delete-tag', { run_id: id, key: 'gone' });
    const { info, data } = await runData(id);
    assert.equal(info.run_name, 'renamed');
    assert.ok(!data.tags.some((tag: { key: string }) => tag.key === 'gone'));
  });

  it('searches runs by metrics, parameters, tags and attributes, sorted and in pages', async () => {
    const { experiment_id: id } = (await post('experiments/create', { name: 'search' })).json;
    for (const [name, rmse, kind] of [
      ['one', 3, 'a'],
      ['two', 1, 'b'],
      ['three', 2, 'a b'],
    ] as const) {
      const run = await newRun({ experiment_id: id, run_name: name });
      await post('runs/log-batch', {
        run_id: run,
        metrics: [{ key: 'rmse', value: rmse, timestamp: 1 }],
        tags: [{ key: 'the kind', value: kind }],
        params: [{ key: 'p', value: name }],
      });
    }
    const search = async (filter: string, more: object = {}) =>
      (await post('runs/search', { experiment_ids: [id], filter, ...more })).json.runs.map(
        (run: { info: { run_name: string } }) => run.info.run_name,
      );
    assert.deepEqual(await search('metrics.rmse < 2.5', { order_by: ['metrics.rmse ASC'] }), [
      'two',
      'three',
    ]);
    assert.deepEqual(await search('', { order_by: ['metrics.rmse DESC'] }), ['one', 'three', 'two']);
    assert.deepEqual(await search('tags."the kind" = \'a b\''), ['three']);
    assert.deepEqual(await search("tags.`the kind` LIKE 'a%' and params.p != 'one'"), ['three']);
    assert.deepEqual(
      await search("attributes.run_name IN ('one', 'two')", { order_by: ['attributes.run_name'] }),
      ['one', 'two'],
    );
    assert.deepEqual(await search("attributes.status = 'FINISHED'"), []);
    const page = (await post('runs/search', { experiment_ids: [id], max_results: 2 })).json;
    const rest = (
      await post('runs/search', { experiment_ids: [id], max_results: 2, page_token: page.next_page_token })
    ).json;
    assert.deepEqual([page.runs.length, rest.runs.length, rest.next_page_token], [2, 1, undefined]);
    const bad = await post('runs/search', { experiment_ids: [id], filter: 'metrics.rmse ~ 3' });
    assert.match(bad.json.message, /The filter cannot be read: metrics\.rmse ~ 3/);
  });

  it('keeps children under their parent, and deleted runs until they are restored', async () => {
    const parent = await newRun();
    const child = await newRun({ tags: [{ key: 'mlflow.parentRunId', value: parent }] });
    const { json } = await lab.send('GET', lab.plane('/history/v1.0', `/runs/${parent}/children`));
    assert.deepEqual(
      json.value.map((run: { runId: string }) => run.runId),
      [child],
    );
    await post('runs/delete', { run_id: child });
    assert.equal((await runData(child)).info.lifecycle_stage, 'deleted');
    assert.equal((await lab.send('GET', lab.plane('/history/v1.0', `/runs/${child}`))).status, 404);
    await post('runs/restore', { run_id: child });
    assert.equal((await runData(child)).info.lifecycle_stage, 'active');
  });

  it('does not know what Azure does not know', async () => {
    assert.equal((await post('logged-models', { experiment_id: experiment })).status, 404);
  });

  it('leaves the status of a run to its job', async () => {
    await lab.submit('led', { command: 'sleep 300' });
    await lab.reached('led', 'Running');
    await post('runs/update', { run_id: 'led', status: 'FINISHED' });
    assert.equal((await lab.send('GET', lab.url('/jobs/led'))).json.properties.status, 'Running');
    await lab.send('POST', lab.url('/jobs/led/cancel'));
    await lab.ended('led');
  });
});
