import assert from 'node:assert/strict';
import { checkAnswer, checkRequest } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';

const BODIES = {
  codes: {
    codeUri: 'https://example.blob.core.windows.net/code/src',
    properties: { hash_sha256: 'abc', hash_version: '202208' },
  },
  environments: { image: 'mcr.microsoft.com/azureml/base:1', condaFile: 'name: e\n' },
  data: { dataType: 'uri_folder', dataUri: 'azureml://datastores/workspaceblobstore/paths/data/' },
  models: { modelUri: 'azureml://datastores/workspaceblobstore/paths/model', modelType: 'mlflow_model' },
  components: { componentSpec: { name: 'train', version: '1', type: 'command', command: 'true' } },
};
const FIXED = {
  codes: { codeUri: 'https://example.blob.core.windows.net/code/other' },
  environments: { image: 'mcr.microsoft.com/azureml/base:2' },
  data: { dataType: 'uri_folder', dataUri: 'azureml://datastores/workspaceblobstore/paths/other/' },
  models: { modelUri: 'azureml://datastores/workspaceblobstore/paths/other' },
  components: { componentSpec: { name: 'other' } },
};

describe('Versioned assets', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  const url = (path: string, query = '') => `${workspace.id}/${path}?${VERSION}${query}`;
  const put = (path: string, properties: object) =>
    workspace.send('PUT', url(path), { body: { properties } });
  const get = (path: string, query = '') => workspace.send('GET', url(path, query));

  for (const type of ['codes', 'environments', 'data', 'models', 'components'] as const) {
    describe(type, () => {
      it('are answered as published: created with 201, replaced with 200, got, listed', async () => {
        const made = await put(`${type}/shape/versions/1`, {
          ...BODIES[type],
          tags: { a: '1' },
          description: 'first',
        });
        assert.equal(made.status, 201, made.text);
        assert.deepEqual(checkRequest(`${type}/versions`, { properties: BODIES[type] }), []);
        assert.deepEqual(checkAnswer(`${type}/versions`, made.json), []);
        assert.equal(made.json.id, `${workspace.id}/${type}/shape/versions/1`);
        const again = await put(`${type}/shape/versions/1`, BODIES[type]);
        assert.equal(again.status, 200, again.text);
        assert.deepEqual((await get(`${type}/shape/versions/1`)).json, again.json);
        const list = await get(`${type}/shape/versions`);
        assert.deepEqual(list.json.value, [again.json]);
        const containers = await get(type);
        for (const container of containers.json.value) assert.deepEqual(checkAnswer(type, container), []);
      });

      it('bring a container into being that knows the latest and the next version', async () => {
        await put(`${type}/counted/versions/1`, BODIES[type]);
        await put(`${type}/counted/versions/7`, BODIES[type]);
        const container = await get(`${type}/counted`);
        assert.deepEqual(checkAnswer(type, container.json), []);
        assert.equal(container.json.properties.latestVersion, '7');
        assert.equal(container.json.properties.nextVersion, '8');
      });

      it('keep their bytes and refuse others for the same version', async () => {
        await put(`${type}/fixed/versions/1`, BODIES[type]);
        const before = await get(`${type}/fixed/versions/1`);
        const refused = await put(`${type}/fixed/versions/1`, { ...BODIES[type], ...FIXED[type] });
        assert.equal(refused.status, 400);
        assert.equal(refused.json.error.code, 'UserError');
        assert.deepEqual((await get(`${type}/fixed/versions/1`)).json, before.json);
      });

      it('may change tags and description, and only add properties', async () => {
        await put(`${type}/changing/versions/1`, {
          ...BODIES[type],
          tags: { stage: 'new' },
          properties: { a: '1' },
        });
        const changed = await put(`${type}/changing/versions/1`, {
          ...BODIES[type],
          description: 'later',
          tags: { stage: 'old' },
          properties: { b: '2' },
        });
        assert.equal(changed.json.properties.description, 'later');
        assert.deepEqual(changed.json.properties.tags, { stage: 'old' });
        assert.deepEqual(changed.json.properties.properties, { a: '1', b: '2' });
        const refused = await put(`${type}/changing/versions/1`, {
          ...BODIES[type],
          properties: { a: 'other' },
        });
        assert.equal(refused.status, 400);
        assert.match(refused.json.error.message, /'a'/);
      });

      it('are hidden from lists once archived, unless asked for', async () => {
        await put(`${type}/old/versions/1`, { ...BODIES[type], isArchived: true });
        await put(`${type}/old/versions/2`, BODIES[type]);
        const names = async (query: string) =>
          (await get(`${type}/old/versions`, query)).json.value.map((one: { name: string }) => one.name);
        assert.deepEqual(await names(''), ['2']);
        assert.deepEqual(await names('&listViewType=ArchivedOnly'), ['1']);
        assert.deepEqual(await names('&listViewType=All'), ['2', '1']);
      });

      it('are gone after a delete, and a second delete finds nothing', async () => {
        await put(`${type}/gone/versions/1`, BODIES[type]);
        await put(`${type}/gone/versions/2`, BODIES[type]);
        assert.equal((await workspace.send('DELETE', url(`${type}/gone/versions/2`))).status, 200);
        assert.equal((await workspace.send('DELETE', url(`${type}/gone/versions/2`))).status, 204);
        assert.equal((await get(`${type}/gone/versions/2`)).status, 404);
        const container = await get(`${type}/gone`);
        assert.equal(container.json.properties.latestVersion, '1');
        assert.equal(container.json.properties.nextVersion, '3');
        await workspace.send('DELETE', url(`${type}/gone`));
        assert.equal((await get(`${type}/gone`)).status, 404);
        assert.deepEqual((await get(`${type}/gone/versions`)).json.value, []);
      });

      it('that do not exist are answered with an error that names them', async () => {
        const answer = await get(`${type}/nothing/versions/3`);
        assert.equal(answer.status, 404);
        assert.equal(answer.json.error.code, 'UserError');
        assert.match(answer.json.error.message, /'nothing'.*'3'/);
      });
    });
  }

  it('take the version made last as the latest, not the highest number', async () => {
    await put('models/order/versions/10', BODIES.models);
    await put('models/order/versions/2', BODIES.models);
    const latest = await get('models/order/versions', '&$orderBy=createdtime desc&$top=1');
    assert.deepEqual(
      latest.json.value.map((one: { name: string }) => one.name),
      ['2'],
    );
    assert.equal(latest.json.nextLink, undefined);
  });

  it('have no next version when versions are not numbers', async () => {
    await put('models/words/versions/alpha', BODIES.models);
    const container = await get('models/words');
    assert.equal(container.json.properties.nextVersion, null);
    assert.equal(container.json.properties.latestVersion, 'alpha');
  });

  it('know the job a model came from by its address', async () => {
    for (const uri of ['azureml://jobs/brave_cat/outputs/model/paths/m', 'runs:/brave_cat/model']) {
      const made = await put(`models/from-job-${uri.length}/versions/1`, { modelUri: uri });
      assert.equal(made.json.properties.jobName, 'brave_cat');
      assert.equal(made.json.properties.modelUri, uri);
    }
  });

  it('are listed page by page, each once, newest first', async () => {
    const count = 250;
    for (let version = 1; version <= count; version += 1) {
      await put(`models/many/versions/${version}`, BODIES.models);
    }
    const seen: string[] = [];
    let next: string | undefined = url('models/many/versions');
    while (next) {
      const page = await workspace.send('GET', next);
      assert.equal(page.status, 200, page.text);
      seen.push(...page.json.value.map((one: { name: string }) => one.name));
      next = page.json.nextLink;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: count }, (_, index) => String(count - index)),
    );
  });

  it('are filtered by stage, tags and properties', async () => {
    await put('models/filtered/versions/1', { ...BODIES.models, stage: 'Production', tags: { team: 'a' } });
    await put('models/filtered/versions/2', {
      ...BODIES.models,
      stage: 'Staging',
      tags: { team: 'b', hot: '' },
    });
    const found = async (query: string) =>
      (await get('models/filtered/versions', query)).json.value.map((one: { name: string }) => one.name);
    assert.deepEqual(await found('&stage=Production'), ['1']);
    assert.deepEqual(await found('&tags=team=b'), ['2']);
    assert.deepEqual(await found('&tags=hot,team=b'), ['2']);
    assert.deepEqual(await found('&tags=hot,team=a'), []);
  });

  it('give two versions made at the same moment for the same number one winner', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((one) =>
        put('models/raced/versions/1', { modelUri: `azureml://datastores/d/paths/${one}` }),
      ),
    );
    assert.deepEqual(answers.map((one) => one.status).sort(), [201, 400, 400, 400]);
  });

  it('are refused with the member that is wrong', async () => {
    const refusals = [
      [await put('models/bad/versions/1', {}), /modelUri/],
      [await put('models/bad/versions/1', { ...BODIES.models, tags: { a: 1 } }), /tags/],
      [await put('data/bad/versions/1', { dataType: 'parquet', dataUri: 'x' }), /dataType/],
      [await put('environments/bad/versions/1', {}), /image or a build context/],
      [await put('environments/bad/versions/1', { image: 'i', build: { contextUri: 'x' } }), /not both/],
      [await put('environments/AzureML-mine/versions/1', BODIES.environments), /reserved/],
      [await put('components/bad/versions/1', { componentSpec: 'text' }), /componentSpec/],
      [await put('models/-bad/versions/1', BODIES.models), /'-bad'/],
      [await put('models/..%2Fup/versions/1', BODIES.models), /up/],
      [
        await workspace.send('PUT', url('models/bad/versions/1'), { body: '{"properties":' }),
        /could not be deserialized/,
      ],
      [await workspace.send('PUT', url('models/bad/versions/1'), { body: '[]' }), /JSON object/],
    ] as const;
    for (const [answer, message] of refusals) {
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.json.error.message, message);
    }
    assert.equal((await get('models/bad')).status, 404);
  });
});
