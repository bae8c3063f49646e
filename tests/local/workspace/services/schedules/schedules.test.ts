import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { takeUp } from '../../../../../local/workspace/services/schedules/due.ts';
import { openStore } from '../../../../../local/workspace/store/lmdb.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';
const ENDED = ['Completed', 'Failed', 'Canceled'];

describe('schedules', () => {
  let workspace: TestWorkspace;
  let base: string;
  let dataFolder: string;
  // Tokens go by the clock that is moved.
  const start = () => startTestWorkspace({ dataFolder, tokenLifetimeInSeconds: 1e9 });
  before(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'schedules-'));
    workspace = await start();
    base = workspace.id;
    await workspace.storageReady;
    const body = {
      properties: {
        image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
        condaFile: 'dependencies: []\n',
      },
    };
    await workspace.send('PUT', `${base}/environments/plain/versions/1?${VERSION}`, { body });
  });
  after(async () => {
    await workspace.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    workspace.send(method, `${base}/${path}${path.includes('?') ? '&' : '?'}${VERSION}`, { body });
  const command = (more: Record<string, unknown> = {}) => ({
    jobType: 'Command',
    command: 'echo ${{inputs.when}}',
    environmentId: `${base}/environments/plain/versions/1`,
    computeId: `${base}/computes/cpu-cluster`,
    inputs: { when: { jobInputType: 'literal', value: '${{creation_context.trigger_time}}' } },
    ...more,
  });
  const nightly = (more: Record<string, unknown> = {}, job = command()) => ({
    properties: {
      trigger: { triggerType: 'cron', expression: '0 3 * * *', timeZone: 'UTC' },
      action: { actionType: 'CreateJob', jobDefinition: job },
      ...more,
    },
  });
  const jobsOf = async (name: string) =>
    (await ask('GET', `jobs?scheduled=true&scheduleId=${name}`)).json.value as any[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await setTimeout(100);
    }
  };
  const toTime = (set: string): Promise<Answer> => workspace.send('POST', '/admin/clock', { body: { set } });

  it('runs its job when its time has come, under the name and time the service gives it, and once', async () => {
    await toTime('2030-01-31T10:00:00Z');
    const made = await ask('PUT', 'schedules/nightly', nightly());
    assert.equal(made.status, 201, made.text);
    assert.match(String(made.headers['azure-asyncoperation']), /mfeOperationsStatus/);
    assert.equal(made.json.properties.provisioningState, 'Creating');
    assert.equal(made.json.properties.trigger.triggerType, 'Cron');
    await until(async () => {
      const { json } = await ask('GET', 'schedules/nightly');
      return json.properties.provisioningState === 'Succeeded' ? json : undefined;
    });
    assert.deepEqual(await jobsOf('nightly'), []);
    await toTime('2030-02-01T03:00:10Z');
    const job = await until(async () =>
      (await jobsOf('nightly')).find((one) => ENDED.includes(one.properties.status)),
    );
    assert.equal(job.properties.displayName, 'nightly-20300201T030000Z');
    assert.equal(job.properties.inputs.when.value, '2030-02-01T03:00:00.000Z');
    assert.equal(job.properties.properties['azureml.scheduleid'], `${base}/schedules/nightly`);
    assert.equal(job.properties.status, 'Completed');
    assert.equal((await jobsOf(encodeURIComponent(`${base}/schedules/nightly`))).length, 1);
    assert.deepEqual((await ask('GET', 'jobs?scheduled=false')).json.value, []);
  });

  it('is disabled and enabled by writing it again, listed by that, and deleted only when disabled', async () => {
    await ask('PUT', 'schedules/idle', nightly({ isEnabled: false, tags: { a: 'b' } }));
    const names = async (view: string) =>
      (await ask('GET', `schedules?listViewType=${view}`)).json.value.map(
        (one: { name: string }) => one.name,
      );
    assert.deepEqual(await names('DisabledOnly'), ['idle']);
    assert.ok(!(await names('EnabledOnly')).includes('idle'));
    assert.equal((await ask('POST', 'schedules/idle/trigger', {})).status, 400);
    assert.equal((await ask('PUT', 'schedules/idle', nightly())).status, 200);
    const refused = await ask('DELETE', 'schedules/idle');
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /enabled. Disable it/);
    await ask('PUT', 'schedules/idle', nightly({ isEnabled: false }));
    assert.equal((await ask('DELETE', 'schedules/idle')).status, 202);
    await until(async () => ((await ask('GET', 'schedules/idle')).status === 404 ? true : undefined));
    assert.equal((await ask('DELETE', 'schedules/idle')).status, 204);
  });

  it('runs once when it is told to, also an earlier job with other inputs', async () => {
    const [earlier] = await jobsOf('nightly');
    const definition = {
      jobType: 'Pipeline',
      sourceJobId: earlier.id,
      experimentName: '',
      inputs: { when: { jobInputType: 'literal', value: 'now' } },
    };
    const job = definition as unknown as ReturnType<typeof command>;
    assert.equal((await ask('PUT', 'schedules/again', nightly({}, job))).status, 201);
    const trigger = () =>
      ask('POST', 'schedules/again/trigger', { scheduleTime: '2030-02-01T12:00:00.5+00:00' });
    const { json } = await trigger();
    assert.deepEqual(json, { submissionId: 'again-20300201T120000Z', scheduleActionType: 'CreateJob' });
    assert.equal((await trigger()).json.submissionId, 'again-20300201T120000Z-2');
    const started = (await ask('GET', 'jobs/again-20300201T120000Z')).json.properties;
    assert.equal(started.command, 'echo ${{inputs.when}}');
    assert.equal(started.inputs.when.value, 'now');
    assert.equal(started.environmentId, `${base}/environments/plain/versions/1`);
  });

  it('goes on after a restart; what was due meanwhile is left out', async () => {
    await ask('PUT', 'schedules/again', nightly({ isEnabled: false }));
    await workspace.stop();
    const file = path.join(dataFolder, 'clock.json');
    const { ahead } = JSON.parse(await readFile(file, 'utf8')) as { ahead: number };
    await writeFile(file, JSON.stringify({ ahead: ahead + 5 * 24 * 3_600_000 }));
    workspace = await start();
    await workspace.storageReady;
    await toTime('2030-02-10T03:00:01Z');
    const all = await until(async () => {
      const jobs = await jobsOf('nightly');
      return jobs.length > 1 ? jobs : undefined;
    });
    assert.deepEqual(
      all.map(({ name }) => name),
      ['nightly-20300210T030000Z', 'nightly-20300201T030000Z'],
    );
    const told = await readFile(path.join(dataFolder, 'workspace.log'), 'utf8');
    assert.match(
      told,
      /nightly: left out 5 times at which it was due while the workspace did not run; the next one is 2030-02-07T03/,
    );
    assert.match(told, /nightly: left out 3 times that the clock leapt over/);
  });

  it('counts from where the clock is turned back to', async () => {
    await toTime('2030-02-11T12:00:00Z');
    await toTime('2030-02-05T12:00:00Z');
    await toTime('2030-02-06T03:00:01Z');
    const job = await until(async () =>
      (await jobsOf('nightly')).find(({ name }) => name === 'nightly-20300206T030000Z'),
    );
    assert.ok(job);
  });

  it('carries out once, after a kill, what had been taken up and had no job yet', async () => {
    await workspace.stop();
    const store = openStore(path.join(dataFolder, 'store'));
    const [from, to] = ['2030-02-06T12:00:00Z', '2030-02-07T03:00:01Z'].map((time) => new Date(time));
    assert.ok(from && to);
    await takeUp({ store, log: () => undefined }, from, to);
    await store.close();
    workspace = await start();
    await workspace.storageReady;
    const isOfThatTime = ({ name }: { name: string }) => name.startsWith('nightly-20300207');
    const made = await until(async () => (await jobsOf('nightly')).find(isOfThatTime));
    assert.equal(made.properties.properties['azureml.scheduledtime'], '2030-02-07T03:00:00.000Z');
    await toTime('2030-02-08T03:00:01Z');
    await until(async () =>
      (await jobsOf('nightly')).find(({ name }) => name === 'nightly-20300208T030000Z'),
    );
    assert.equal((await jobsOf('nightly')).filter(isOfThatTime).length, 1);
  });

  it('shows a job that could not be made as a failed one, with the reason', async () => {
    const action = {
      actionType: 'InvokeBatchEndpoint',
      endpointInvocationDefinition: { endpointName: 'nowhere' },
    };
    assert.equal((await ask('PUT', 'schedules/calls', nightly({ action, tags: { a: 'b' } }))).status, 201);
    await toTime('2030-02-12T03:00:01Z');
    const job = await until(async () => (await jobsOf('calls'))[0]);
    assert.equal(job.name, 'calls-20300212T030000Z');
    assert.deepEqual([job.properties.status, job.properties.tags], ['Failed', { a: 'b' }]);
    const run = await workspace.send('GET', `/history/v1.0${base}/runs/${job.name}/details`);
    assert.equal(run.json.error.error.code, 'UserError');
    assert.match(run.json.error.error.message, /'nowhere'/);
  });

  it('refuses a schedule whose job, trigger or action cannot be', async () => {
    const refused = async (body: object, why: RegExp) => {
      const answer = await ask('PUT', 'schedules/wrong', body);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.json.error.message, why);
    };
    await refused(nightly({}, command({ computeId: `${base}/computes/none` })), /compute target 'none'/);
    await refused(
      nightly({ trigger: { triggerType: 'Cron', expression: 'often' } }),
      /'often' cannot be read/,
    );
    await refused(nightly({ action: { actionType: 'Dance' } }), /actionType' must be one of/);
    await refused({ properties: {} }, /properties.action' is required/);
  });

  it('keeps an import of data, whose job says that it is not run here', async () => {
    const action = {
      actionType: 'ImportData',
      dataImportDefinition: {
        assetName: 'rows',
        dataType: 'uri_folder',
        dataUri: 'azureml://datastores/workspaceblobstore/paths/rows/',
        source: { sourceType: 'database', connection: 'azureml:db', query: 'select 1' },
      },
    };
    const path = `${base}/schedules/imports?api-version=2023-06-01-preview`;
    const made = await workspace.send('PUT', path, { body: nightly({ action }) });
    assert.equal(made.status, 201, made.text);
    const { submissionId } = (await ask('POST', 'schedules/imports/trigger', {})).json;
    const job = await until(async () => {
      const { json } = await ask('GET', `jobs/${submissionId}`);
      return ENDED.includes(json.properties.status) ? json : undefined;
    });
    assert.equal(job.properties.status, 'Failed');
    const run = await workspace.send('GET', `/history/v1.0${base}/runs/${submissionId}/details`);
    assert.match(
      run.json.error.error.message,
      /type 'import', which the embedded workspace accepts but does not run/,
    );
  });
});
