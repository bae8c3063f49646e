import assert from 'node:assert/strict';
import { startTestWorkspace, type TestWorkspace } from '../../../helpers/workspace.ts';

describe('A workspace with faults', () => {
  let workspace: TestWorkspace;
  before(async () => (workspace = await startTestWorkspace()));
  after(() => workspace.stop());
  afterEach(() => workspace.send('DELETE', '/admin/faults'));

  const use = async (...faults: object[]) => {
    const answer = await workspace.send('PUT', '/admin/faults', { body: { seed: 3, faults } });
    assert.equal(answer.status, 200, answer.text);
  };
  const at = (rest: string) => `${workspace.id}/${rest}?api-version=2025-12-01`;
  const get = (rest: string) => workspace.send('GET', at(rest));
  const put = (rest: string, body: object) => workspace.send('PUT', at(rest), { body });
  const model = { properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/m' } };

  it('answers what it was told, for the method and path it was told, so often as it was told', async () => {
    await use({
      fault: 'answer',
      status: 503,
      code: 'ServiceUnavailable',
      on: { method: 'GET', path: 'models/**' },
      skip: 1,
      count: 2,
    });
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await get('models/a/versions')).status);
    assert.deepEqual(statuses, [200, 503, 503, 200, 200]);
    assert.equal((await get('jobs')).status, 200);
    const [report] = (await workspace.send('GET', '/admin/faults')).json.faults;
    assert.deepEqual([report.matched, report.befell], [5, 2]);
  });

  it("answers in Resource Manager's envelope unless it is given a body", async () => {
    await use({ fault: 'answer', status: 409, message: 'Busy.', on: { path: 'jobs' } });
    const { error } = (await get('jobs')).json;
    assert.deepEqual([error.code, error.message], ['UserError', 'Busy.']);
    await use({ fault: 'answer', status: 502, body: 'Bad gateway', headers: { 'x-from': 'proxy' } });
    const answer = await get('jobs');
    assert.deepEqual([answer.status, answer.headers['x-from']], [502, 'proxy']);
  });

  it('throttles and says when to come again', async () => {
    await use({ fault: 'throttle', retryAfterInSeconds: 7, count: 1 });
    const answer = await get('models');
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '7']);
    assert.equal((await get('models')).status, 200);
  });

  it('calls a token expired', async () => {
    await use({ fault: 'expire-token' });
    const answer = await get('models');
    assert.equal(answer.status, 401);
    assert.match(String(answer.headers['www-authenticate']), /invalid_token/);
  });

  it('drops a connection before the work, or after it', async () => {
    await use({ fault: 'drop', on: { path: 'models/dropped/versions/1' }, count: 1 });
    await assert.rejects(put('models/dropped/versions/1', model));
    assert.equal((await get('models/dropped/versions/1')).status, 404);
    await use({ fault: 'drop', when: 'after', on: { method: 'PUT' }, count: 1 });
    await assert.rejects(put('models/dropped/versions/1', model));
    assert.equal((await get('models/dropped/versions/1')).status, 200);
  });

  it('sends half an answer', async () => {
    await use({ fault: 'cut', on: { path: 'computes/*' }, after: 0.3 });
    await assert.rejects(get('computes/cpu-cluster'), /aborted|ECONNRESET|socket/);
    assert.equal((await get('computes')).status, 200);
  });

  describe('in its blob storage', () => {
    let signed: (path: string) => string;
    before(async () => {
      await workspace.storageReady;
      const { json } = await workspace.send('POST', at('codes/c/versions/1/startPendingUpload'), {
        body: {},
      });
      const { sasUri } = json.blobReferenceForConsumption.credential;
      signed = (path) => sasUri.replace('?', `/${path}?`);
      assert.equal((await write('src/a.txt', 'x'.repeat(4000))).status, 201);
    });
    const read = (path: string) => workspace.send('GET', signed(path), { token: false });
    const write = (path: string, body: string) =>
      workspace.send('PUT', signed(path), {
        body,
        token: false,
        headers: { 'x-ms-blob-type': 'BlockBlob' },
      });
    const on = { service: 'storage' };

    it('answers as storage does when it is too busy and when a signature has expired', async () => {
      await use(
        { fault: 'throttle', retryAfterInSeconds: 2, on: { ...on, method: 'PUT', path: '*/src/**' } },
        { fault: 'expire-token', on: { ...on, method: 'GET' } },
      );
      const busy = await write('src/b.txt', 'b');
      assert.deepEqual(
        [busy.status, busy.headers['x-ms-error-code'], busy.headers['retry-after']],
        [503, 'ServerBusy', '2'],
      );
      assert.equal((await write('other/b.txt', 'b')).status, 201);
      const expired = await read('src/a.txt');
      assert.deepEqual([expired.status, expired.headers['x-ms-error-code']], [403, 'AuthenticationFailed']);
      assert.match(expired.text, /^<\?xml .*not valid in the specified time frame/s);
      const { faults } = (await workspace.send('GET', '/admin/faults')).json;
      assert.deepEqual(
        faults.map(({ on: target, befell }: { on: { service: string }; befell: number }) => [
          target.service,
          befell,
        ]),
        [
          ['storage', 1],
          ['storage', 1],
        ],
      );
    });

    it('drops, cuts and delays, and leaves the API and the workspace itself alone', async () => {
      await use({ fault: 'drop', on, count: 1 });
      await assert.rejects(write('src/c.txt', 'c'), /hang up|ECONNRESET/);
      assert.equal((await read('src/c.txt')).status, 404);
      await use({ fault: 'drop', when: 'after', on: { ...on, method: 'PUT' } });
      await assert.rejects(write('src/c.txt', 'c'), /hang up|ECONNRESET/);
      assert.equal((await read('src/c.txt')).text, 'c');
      await use({ fault: 'cut', after: 0.5, on });
      await assert.rejects(read('src/a.txt'), /aborted|ECONNRESET/);
      await use({ fault: 'delay', inMs: 120, on });
      const started = performance.now();
      assert.equal((await read('src/a.txt')).status, 200);
      assert.ok(performance.now() - started >= 119);
      await use({ fault: 'answer', status: 500, on });
      assert.equal((await get('models')).status, 200);
      const body = { properties: { codeUri: signed('src').split('?')[0] } };
      assert.equal((await put('codes/c/versions/1', body)).status, 201);
      const upload = await workspace.send('POST', at('codes/d/versions/1/startPendingUpload'), { body: {} });
      assert.equal(upload.status, 200);
    });
  });

  it('holds requests back', async () => {
    await use({ fault: 'delay', inMs: 120 }, { fault: 'answer', status: 500 });
    const started = performance.now();
    assert.equal((await get('models')).status, 500);
    assert.ok(performance.now() - started >= 119);
  });

  it('is out of quota', async () => {
    await use({ fault: 'quota', on: { method: 'PUT', path: 'computes/*' } });
    const answer = await put('computes/big', { properties: { computeType: 'AmlCompute' } });
    assert.deepEqual([answer.status, answer.json.error.code], [400, 'QuotaExceeded']);
  });

  it("provisions slowly by the workspace's clock", async () => {
    await use({ fault: 'slow-provisioning', inSeconds: 3600, on: { method: 'PUT' } });
    const body = { properties: { computeType: 'AmlCompute', properties: { vmSize: 'Standard_D2_v2' } } };
    const begun = await put('computes/slow', body);
    const status = async () =>
      (await workspace.send('GET', String(begun.headers['azure-asyncoperation']))).json.status;
    assert.equal(await status(), 'InProgress');
    assert.equal((await get('computes/slow')).json.properties.provisioningState, 'Creating');
    await workspace.send('POST', '/admin/clock', { body: { advance: 'PT1H' } });
    await workspace.send('POST', '/admin/clock', { body: { reset: true } });
    while ((await status()) === 'InProgress');
    assert.equal((await get('computes/slow')).json.properties.provisioningState, 'Succeeded');
  });

  it('fails to build the image of a job', async () => {
    await use({ fault: 'image-build-failure', message: 'no space left.', on: { path: 'jobs/unbuilt' } });
    const environment = await put('environments/plain/versions/1', { properties: { image: 'python:3' } });
    assert.equal(environment.status, 201);
    const made = await put('jobs/unbuilt', {
      properties: {
        jobType: 'Command',
        command: 'echo never',
        environmentId: environment.json.id,
        computeId: `${workspace.id}/computes/cpu-cluster`,
      },
    });
    assert.equal(made.status, 201, made.text);
    let run;
    do {
      run = (await workspace.send('GET', `/history/v1.0${workspace.id}/runs/unbuilt/details`)).json;
    } while (run.status !== 'Failed');
    assert.equal(run.error.error.code, 'ImageBuildFailure');
    assert.match(run.error.error.message, /no space left/);
  });

  it('falls on the same requests for the same seed', async () => {
    const pattern = async () => {
      await use({ fault: 'answer', status: 500, probability: 0.5 });
      const statuses = [];
      for (let time = 0; time < 20; time += 1) statuses.push((await get('models')).status);
      return statuses;
    };
    const first = await pattern();
    assert.ok(first.includes(200) && first.includes(500));
    assert.deepEqual(await pattern(), first);
  });

  it('keeps its faults when it is sent a list that it cannot read', async () => {
    await use({ fault: 'throttle' });
    const answer = await workspace.send('PUT', '/admin/faults', { body: 'faults:\n  - fault: throtle\n' });
    assert.equal(answer.status, 400);
    assert.match(answer.json.error.message, /the request:2:12: 'fault' of fault 1 cannot be 'throtle'/);
    assert.match(answer.json.error.message, /Did you mean 'throttle'\?/);
    assert.equal((await get('models')).status, 429);
  });
});
