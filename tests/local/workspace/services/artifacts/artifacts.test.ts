import assert from 'node:assert/strict';
import { openLab, type Lab } from '../jobs/lab.ts';

describe('Artifacts', () => {
  let lab: Lab;
  let run: string;
  before(async () => {
    lab = await openLab();
    const created = await lab.send('POST', lab.plane('/mlflow/v2.0', '/api/2.0/mlflow/runs/create'), {
      body: {},
    });
    run = created.json.run.info.run_id;
  });
  after(() => lab.stop());

  const at = (path: string) =>
    lab.plane('/history/v1.0', `/experiments/Default/runs/${run}/artifacts${path}`);

  it('are named first, then written to the address given, then found', async () => {
    const { json } = await lab.send('POST', at('/batch/metadata'), {
      body: { paths: [{ path: 'model/MLmodel' }, { path: 'b.txt' }] },
    });
    assert.deepEqual(json.errors, {});
    assert.equal(json.artifacts['b.txt'].artifactId, `ExperimentRun/dcid.${run}/b.txt`);
    for (const [path, content] of [
      ['model/MLmodel', 'flavors'],
      ['b.txt', 'B'],
    ] as const) {
      const { contentUri } = json.artifactContentInformation[path];
      const put = await lab.send('PUT', contentUri, {
        body: content,
        token: false,
        headers: { 'x-ms-blob-type': 'BlockBlob', 'if-none-match': '*' },
      });
      assert.equal(put.status, 201, put.text);
    }
    const listed = await lab.send('GET', at(''));
    assert.deepEqual(
      listed.json.value.map((one: { path: string }) => one.path),
      ['b.txt', 'model/MLmodel'],
    );
    const inPath = await lab.send('GET', at('/path?path=model'));
    assert.deepEqual(
      inPath.json.value.map((one: { path: string }) => one.path),
      ['model/MLmodel'],
    );
    const content = await lab.send('GET', at('/contentinfo?path=b.txt'));
    assert.equal((await lab.send('GET', content.json.contentUri, { token: false })).text, 'B');
    assert.equal((await lab.send('GET', at('/content?path=b.txt'))).text, 'B');
  });

  it('are listed by MLflow one level at a time', async () => {
    const files = async (path: string) =>
      (
        await lab.send(
          'GET',
          lab.plane('/mlflow/v2.0', `/api/2.0/mlflow/artifacts/list?run_id=${run}${path}`),
        )
      ).json.files;
    assert.deepEqual(await files(''), [
      { path: 'b.txt', is_dir: false, file_size: 1 },
      { path: 'model', is_dir: true },
    ]);
    assert.deepEqual(await files('&path=model'), [{ path: 'model/MLmodel', is_dir: false, file_size: 7 }]);
  });

  it('cannot be named outside their run', async () => {
    for (const path of ['../dcid.x/a', '/a', 'a//b', 'a/../../b', 'a\\b', '']) {
      const { json } = await lab.send('POST', at('/batch/metadata'), { body: { paths: [{ path }] } });
      assert.match(json.errors[path].error.message, /path/, path);
      assert.deepEqual(json.artifacts, {});
    }
    assert.equal((await lab.send('GET', at('/contentinfo?path=..%2Fx'))).status, 400);
    assert.equal((await lab.send('GET', at('/contentinfo?path=none'))).status, 404);
  });

  it('of no run are kept by origin and container', async () => {
    const base = lab.plane('/artifact/v2.0', '/artifacts/LocalUpload/box-1');
    const { json } = await lab.send('POST', `${base}/batch/metadata`, {
      body: { paths: [{ path: 'm/a.txt' }] },
    });
    const { contentUri } = json.artifactContentInformation['m/a.txt'];
    await lab.send('PUT', contentUri, {
      body: 'x',
      token: false,
      headers: { 'x-ms-blob-type': 'BlockBlob' },
    });
    assert.equal((await lab.send('GET', base)).json.value[0].artifactId, 'LocalUpload/box-1/m/a.txt');
    assert.equal((await lab.send('GET', lab.plane('/artifact/v2.0', '/artifacts/Secret/box'))).status, 404);
  });

  it('give an address that lets nobody write where only reading was asked for', async () => {
    const { contentUri } = (await lab.send('GET', at('/contentinfo?path=b.txt'))).json;
    const put = await lab.send('PUT', contentUri, {
      body: 'y',
      token: false,
      headers: { 'x-ms-blob-type': 'BlockBlob' },
    });
    assert.equal(put.status, 403);
  });
});
