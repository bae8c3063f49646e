import assert from 'node:assert/strict';
import { checkAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { makeRegistry } from '../../../../helpers/registry.ts';
import { openLab, type Lab } from '../jobs/lab.ts';

const MLMODEL =
  'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  sklearn:\n    sklearn_version: 1.6.1\n';

describe('MLflow model registry', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.submit('made', {
      command: `mkdir -p outputs/model && printf '${MLMODEL.replaceAll('\n', '\\n')}' > outputs/model/MLmodel`,
    });
    assert.equal((await lab.ended('made')).properties.status, 'Completed');
  });
  after(() => lab.stop());

  const call = (method: string, path: string, body?: object) =>
    lab.send(
      method,
      lab.plane('/mlflow/v2.0', `/api/2.0/mlflow/${path}`),
      body === undefined ? {} : { body },
    );

  it("registers a run's files as a model of the workspace, flavors included", async () => {
    assert.equal((await call('POST', 'registered-models/create', { name: 'trees' })).status, 200);
    const { json } = await call('POST', 'model-versions/create', {
      name: 'trees',
      source: 'runs:/made/outputs/model',
      run_id: 'made',
      tags: [{ key: 'a', value: 'b' }],
    });
    assert.deepEqual(
      [json.model_version.version, json.model_version.status, json.model_version.run_id],
      ['1', 'READY', 'made'],
    );
    const model = await lab.send('GET', lab.url('/models/trees/versions/1'));
    assert.deepEqual(checkAnswer('models/versions', model.json), []);
    const { properties } = model.json;
    assert.equal(properties.modelType, 'mlflow_model');
    assert.equal(properties.jobName, 'made');
    assert.match(
      properties.modelUri,
      /datastores\/workspaceartifactstore\/paths\/ExperimentRun\/dcid\.made\/outputs\/model$/,
    );
    assert.equal(properties.flavors.sklearn.data.sklearn_version, '1.6.1');
  });

  it('shows models that were registered over ARM', async () => {
    await lab.put('/models/arm/versions/4', {
      modelType: 'mlflow_model',
      modelUri: 'azureml://datastores/workspaceblobstore/paths/m/',
      description: 'words',
    });
    const { json } = await call('GET', 'model-versions/get?name=arm&version=4');
    assert.deepEqual([json.model_version.description, json.model_version.current_stage], ['words', 'None']);
    const found = await call(
      'GET',
      `registered-models/search?filter=${encodeURIComponent("name LIKE 'ar%'")}`,
    );
    assert.deepEqual(
      found.json.registered_models.map((model: { name: string }) => model.name),
      ['arm'],
    );
  });

  it('gives the files of any registered model to the plugin, to be read only', async () => {
    await lab.upload('somewhere/m/MLmodel', 'flavors: {}');
    const modelUri = 'azureml://datastores/workspaceblobstore/paths/somewhere/m/';
    await lab.put('/models/files/versions/2', { modelType: 'mlflow_model', modelUri });
    const address = await call('GET', 'model-versions/get-download-uri?name=files&version=2');
    assert.equal(address.json.artifact_uri, 'azureml://artifacts/ModelVersion/files:2/m');
    const files = lab.plane('/artifact/v2.0', '/artifacts/ModelVersion/files:2');
    const listed = await lab.send('GET', `${files}?path=m`);
    assert.deepEqual(
      listed.json.value.map((file: { path: string }) => file.path),
      ['m/MLmodel'],
    );
    assert.equal((await lab.send('GET', `${files}/content?path=m/MLmodel`)).text, 'flavors: {}');
    const body = { paths: [{ path: 'm/MLmodel' }] };
    assert.equal((await lab.send('POST', `${files}/batch/metadata`, { body })).status, 400);
    assert.equal((await lab.send('GET', `${files}/content?path=..%2F..%2Fx`)).status, 400);
  });

  it('leaves no model out of the searches that mlflow 3 narrows by a tag of its prompts', async () => {
    const filter = encodeURIComponent("name = 'arm' AND tags.`mlflow.prompt.is_prompt` != 'true'");
    const found = await call('GET', `registered-models/search?filter=${filter}`);
    assert.equal(found.json.registered_models.length, 1);
  });

  it('counts versions up, and moves them between stages that ARM shows', async () => {
    await call('POST', 'model-versions/create', {
      name: 'trees',
      source: 'runs:/made/outputs/model',
      run_id: 'made',
    });
    await call('POST', 'model-versions/transition-stage', {
      name: 'trees',
      version: '1',
      stage: 'production',
    });
    await call('POST', 'model-versions/transition-stage', {
      name: 'trees',
      version: '2',
      stage: 'Production',
      archive_existing_versions: true,
    });
    const latest = await call('POST', 'registered-models/get-latest-versions', {
      name: 'trees',
      stages: ['Production', 'Archived'],
    });
    assert.deepEqual(
      latest.json.model_versions.map((one: { version: string; current_stage: string }) => [
        one.version,
        one.current_stage,
      ]),
      [
        ['2', 'Production'],
        ['1', 'Archived'],
      ],
    );
    assert.equal(
      (await lab.send('GET', lab.url('/models/trees/versions/2'))).json.properties.stage,
      'Production',
    );
    const bad = await call('POST', 'model-versions/transition-stage', {
      name: 'trees',
      version: '1',
      stage: 'Live',
    });
    assert.match(bad.json.message, /stage 'Live' is not one of/);
  });

  it('keeps tags, descriptions and aliases', async () => {
    await call('POST', 'registered-models/set-tag', { name: 'trees', key: 'k', value: 'v' });
    await call('PATCH', 'registered-models/update', { name: 'trees', description: 'of trees' });
    await call('POST', 'model-versions/set-tag', { name: 'trees', version: '2', key: 'x', value: 'y' });
    await call('PATCH', 'model-versions/update', { name: 'trees', version: '2', description: 'second' });
    await call('POST', 'registered-models/alias', { name: 'trees', alias: 'champion', version: '2' });
    const { registered_model: model } = (await call('GET', 'registered-models/get?name=trees')).json;
    assert.deepEqual(
      [model.description, model.tags, model.aliases],
      ['of trees', [{ key: 'k', value: 'v' }], [{ alias: 'champion', version: '2' }]],
    );
    const { model_version: version } = (
      await call('GET', 'registered-models/alias?name=trees&alias=champion')
    ).json;
    assert.deepEqual([version.version, version.description, version.aliases], ['2', 'second', ['champion']]);
    await call('DELETE', 'model-versions/delete-tag', { name: 'trees', version: '2', key: 'x' });
    await call('DELETE', 'registered-models/alias', { name: 'trees', alias: 'champion' });
    assert.deepEqual(
      (await call('GET', 'model-versions/get?name=trees&version=2')).json.model_version.tags,
      [],
    );
  });

  it('searches versions by model and by run', async () => {
    const versions = async (filter: string) =>
      (
        await call('GET', `model-versions/search?filter=${encodeURIComponent(filter)}`)
      ).json.model_versions.map((one: { name: string; version: string }) => `${one.name}:${one.version}`);
    assert.deepEqual(await versions("name='trees'"), ['trees:2', 'trees:1']);
    assert.deepEqual(await versions("run_id='made'"), ['trees:2', 'trees:1']);
  });

  it('refuses what Azure refuses', async () => {
    assert.equal(
      (await call('POST', 'registered-models/create', { name: 'trees' })).json.error_code,
      'RESOURCE_ALREADY_EXISTS',
    );
    assert.match(
      (await call('POST', 'registered-models/rename', { name: 'trees', new_name: 'x' })).json.message,
      /does not rename/,
    );
    assert.equal(
      (await call('POST', 'model-versions/create', { name: 'nobody', source: 'runs:/made/x' })).json
        .error_code,
      'RESOURCE_DOES_NOT_EXIST',
    );
    assert.equal(
      (await call('POST', 'model-versions/create', { name: 'trees', source: 'runs:/nobody/x' })).json
        .error_code,
      'RESOURCE_DOES_NOT_EXIST',
    );
  });

  it('says why mlflow 3 finds no logged models', async () => {
    for (const path of ['logged-models', 'logged-models/search']) {
      const { status, json } = await call('POST', path, { experiment_ids: ['1'] });
      assert.deepEqual([status, json.error_code], [404, 'ENDPOINT_NOT_FOUND']);
      assert.match(json.message, /no logged models.*create_model_version/);
    }
  });

  it('deletes a version, and a model with all of them', async () => {
    await call('DELETE', 'model-versions/delete', { name: 'trees', version: '1' });
    assert.equal((await call('GET', 'model-versions/get?name=trees&version=1')).status, 404);
    await call('DELETE', 'registered-models/delete', { name: 'trees' });
    assert.equal((await lab.send('GET', lab.url('/models/trees'))).status, 404);
  });

  describe('of a registry', () => {
    let id: string;
    before(async () => (id = await makeRegistry(lab, 'common')));
    const shared = (method: string, path: string, body?: object) =>
      lab.send(method, `/mlflow/v2.0${id}/api/2.0/mlflow/${path}`, body === undefined ? {} : { body });

    it("keeps a copy of a run's files, which any client of models and of artifacts reads", async () => {
      const source = `azureml://localhost/mlflow/v1.0${lab.id}/experiments/1/runs/made/artifacts/outputs/model`;
      await shared('POST', 'registered-models/create', { name: 'oak' });
      const made = await shared('POST', 'model-versions/create', { name: 'oak', source, run_id: 'made' });
      assert.deepEqual([made.status, made.json.model_version.version], [200, '1'], made.text);
      const { properties } = (await lab.send('GET', `${id}/models/oak/versions/1?api-version=2025-12-01`))
        .json;
      assert.match(properties.modelUri, /\/registry-[^/]+\/model$/);
      assert.equal(properties.flavors.sklearn.data.sklearn_version, '1.6.1');
      const found = await shared('GET', `model-versions/search?filter=${encodeURIComponent("name='oak'")}`);
      assert.equal(found.json.model_versions.length, 1);
      const address = await shared('GET', 'model-versions/get-download-uri?name=oak&version=1');
      assert.equal(address.json.artifact_uri, 'azureml://artifacts/ModelVersion/common:oak:1/model');
      const files = lab.plane('/artifact/v2.0', '/artifacts/ModelVersion/common:oak:1');
      assert.equal((await lab.send('GET', `${files}/content?path=model/MLmodel`)).text, MLMODEL);
    });

    it('tells its address, and has models of its own, aliases included', async () => {
      const registry = await lab.send('GET', `${id}?api-version=2025-12-01`);
      assert.match(
        registry.json.properties.mlFlowRegistryUri,
        /^azureml:\/\/[^/]+\/mlflow\/v1\.0\/subscriptions\/.*\/registries\/common$/,
      );
      assert.equal((await call('GET', 'registered-models/get?name=oak')).status, 404);
      await shared('POST', 'registered-models/alias', { name: 'oak', alias: 'best', version: '1' });
      const best = await shared('GET', 'registered-models/alias?name=oak&alias=best');
      assert.equal(best.json.model_version.version, '1');
      assert.equal((await call('GET', 'registered-models/alias?name=oak&alias=best')).status, 400);
    });

    it('refuses files that are nowhere, runs, and what only a workspace has', async () => {
      const create = (source: string) => shared('POST', 'model-versions/create', { name: 'oak', source });
      assert.equal((await create('runs:/nobody/model')).json.error_code, 'RESOURCE_DOES_NOT_EXIST');
      assert.match(
        (await create('https://example.org/model')).json.message,
        /neither a place in the registry/,
      );
      const elsewhere = 'azureml://datastores/workspaceblobstore/paths/somewhere/m';
      assert.equal((await create(elsewhere)).status, 404);
      const runs = await shared('POST', 'runs/create', {});
      assert.match(runs.json.message, /models only: POST runs\/create is asked of a workspace/);
      const missing = await lab.send('GET', `/mlflow/v2.0${id}-not/api/2.0/mlflow/registered-models/search`);
      assert.equal(missing.status, 404);
    });

    it('is out of reach for jobs', async () => {
      const uri = `${lab.address.apiUrl}/mlflow/v2.0${id}/api/2.0/mlflow/registered-models/search`;
      await lab.submit('curious', {
        command: `curl --silent --insecure -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" ${uri}`,
      });
      await lab.ended('curious');
      assert.match(await lab.log('curious'), /does not reach registries/);
    });
  });
});
