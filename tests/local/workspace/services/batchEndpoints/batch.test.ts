import assert from 'node:assert/strict';
import { deployScores, openBatchKit, type BatchKit } from './kit.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- tests look into answers freely */

const DATA = 'azureml://datastores/workspaceblobstore/paths/numbers/';
const FOLDER = { numbers: { JobInputType: 'UriFolder', Uri: DATA } };

describe('A batch endpoint', () => {
  let kit: BatchKit;
  before(async () => {
    kit = await openBatchKit();
    await deployScores(kit);
  });
  after(() => kit.stop());

  const ended = async (name: string): Promise<any> => (await kit.ended(name)).properties;
  const step = async (name: string): Promise<any> =>
    (await kit.send('GET', kit.plane('/history/v1.0', `/runs/${name}/children`))).json.value[0];

  it('scores a folder as a job like any other, with the rows and the files of the script in its output', async () => {
    const { status, json } = await kit.invoke('scores', { InputData: FOLDER });
    assert.equal(status, 201, JSON.stringify(json));
    assert.match(json.name, /^batchjob-/);
    assert.match(json.id, /\/batchEndpoints\/scores\/deployments\/files\/jobs\/batchjob-/);
    const job = await ended(json.name);
    assert.equal(job.status, 'Completed', await kit.log((await step(json.name)).runId));
    assert.equal(job.experimentName, 'scores');
    assert.equal(job.tags['azureml.batchrun'], 'true');
    const folder = job.outputs.score.uri.replace(/^.*\/paths\//, '');
    assert.equal(await kit.blob(`${folder}rows.txt`), '1.txt 3 of 2\n2.txt 6 of 2\n3.txt 9 of 1\n');
    assert.equal(await kit.blob(`${folder}seen-2.txt`), 'hello');
    const { runId, outputs } = await step(json.name);
    assert.match(outputs.score.assetId, /\/data\//);
    assert.match(await kit.log(runId), /3 files make 2 mini-batches/);
  });

  it('writes no rows for a deployment that only sums up', async () => {
    const { json: model } = await kit.send('GET', kit.url('/batchEndpoints/scores/deployments/files'));
    const { codeConfiguration, environmentVariables } = model.properties;
    const outputAction = 'SummaryOnly';
    await kit.deployment('scores', 'sums', { codeConfiguration, environmentVariables, outputAction });
    const uri = 'azureml://datastores/workspaceblobstore/paths/summed/';
    const { json } = await kit.invoke(
      'scores',
      { inputData: FOLDER, outputData: { score: { jobOutputType: 'UriFolder', uri } } },
      { 'azureml-model-deployment': 'sums' },
    );
    assert.equal((await ended(json.name)).status, 'Completed', await kit.log((await step(json.name)).runId));
    assert.equal(await kit.blob('summed/seen-2.txt'), 'hello');
    assert.equal(await kit.blob('summed/predictions.csv'), undefined);
  });

  it('says what it takes where its swaggerUri leads, to those who may read', async () => {
    const { json: endpoint } = await kit.send('GET', kit.url('/batchEndpoints/scores'));
    const at = new URL(endpoint.properties.swaggerUri).pathname;
    const token = await kit.tokenFor('https://ml.azure.com', 'reader');
    const { json } = await kit.send('GET', at, { token });
    assert.equal(`${json.servers[0].url}/jobs`, endpoint.properties.scoringUri);
    assert.deepEqual(Object.keys(json.paths), ['/jobs', '/jobs/{name}', '/jobs/{name}/cancel']);
    assert.equal((await kit.send('GET', at, { token: false })).status, 401);
  });

  it('scores files, not tables', async () => {
    const { status, text } = await kit.invoke('scores', {
      inputData: { one: { jobInputType: 'mltable', uri: DATA } },
    });
    assert.equal(status, 400);
    assert.match(text, /must be a uri_file or a uri_folder, not mltable/);
  });

  it('is invoked by a schedule, under the name of its job', async () => {
    const made = await kit.put('/schedules/weekly', {
      trigger: {
        triggerType: 'Recurrence',
        frequency: 'Week',
        interval: 1,
        startTime: '2999-01-01T00:00:00',
      },
      action: {
        actionType: 'InvokeBatchEndpoint',
        endpointInvocationDefinition: { endpointName: 'scores', inputData: FOLDER },
      },
    });
    assert.equal(made.status, 201, made.text);
    const body = { scheduleTime: '2026-01-02T03:04:05Z' };
    const { json } = await kit.send('POST', kit.url('/schedules/weekly/trigger'), { body });
    assert.equal(json.submissionId, 'weekly-20260102T030405Z', JSON.stringify(json));
    const listed = await kit.send('GET', kit.url('/jobs', '&scheduleId=weekly'));
    const tags = listed.json.value.map((job: any) => job.properties.tags['azureml.endpointname']);
    assert.deepEqual(tags, ['scores']);
  });

  it('takes settings for one job, and writes where the caller says', async () => {
    const uri = 'azureml://datastores/workspaceblobstore/paths/chosen/mine.csv';
    const { json } = await kit.invoke(
      'scores',
      {
        inputData: { one: { jobInputType: 'uri_file', uri: `${DATA}2.txt` } },
        outputData: { score: { jobOutputType: 'UriFile', uri } },
        miniBatchSize: 1,
        retrySettings: { maxRetries: 0, timeout: 'PT20S' },
        name: 'chosen-by-me',
        properties: { experimentName: 'nightly' },
      },
      { 'azureml-model-deployment': 'files' },
    );
    assert.equal(json.name, 'chosen-by-me');
    const job = await ended('chosen-by-me');
    assert.equal(job.status, 'Completed', await kit.log((await step('chosen-by-me')).runId));
    assert.equal(job.experimentName, 'nightly');
    assert.equal(await kit.blob('chosen/mine.csv'), '2.txt 6 of 1\n');
  });

  it('answers the same request with the same job, and refuses another one under its name', async () => {
    const first = await kit.invoke('scores', { inputData: FOLDER, name: 'once' });
    const again = await kit.invoke('scores', { inputData: FOLDER, name: 'once' });
    assert.deepEqual([first.status, again.status], [201, 200]);
    const other = await kit.invoke('scores', { inputData: FOLDER, name: 'once', miniBatchSize: 3 });
    assert.equal(other.status, 409, other.text);
    const headers = { 'repeatability-request-id': 'ab5e9cbb-0000-4000-8000-000000000000' };
    const send = () => kit.invoke('scores', { inputData: FOLDER }, headers);
    const both = await Promise.all([send(), send()]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 201]);
    const [name] = new Set(both.map(({ json }) => json.name));
    assert.deepEqual([...new Set(both.map(({ json }) => json.name))], [name]);
    await Promise.all([ended('once'), ended(name)]);
  });

  it('lists its jobs newest first, by deployment too, and cancels one', async () => {
    const slow = await kit.code('slow', { 'score.py': 'import time\ndef run(batch):\n    time.sleep(100)' });
    await kit.deployment('scores', 'slow', {
      codeConfiguration: { codeId: slow, scoringScript: 'score.py' },
    });
    const { json } = await kit.invoke(
      'scores',
      { inputData: FOLDER },
      { 'azureml-model-deployment': 'slow' },
    );
    const token = await kit.tokenFor('https://ml.azure.com');
    const list = async (path: string): Promise<any> => {
      const at = kit.plane('/mferp/managementfrontend', `/batchEndpoints/scores${path}`);
      return (await kit.send('GET', `${at}?api-version=2020-09-01-dataplanepreview`, { token })).json.value;
    };
    assert.equal((await list('/jobs'))[0].name, json.name);
    assert.deepEqual(
      (await list('/deployments/slow/jobs')).map((job: any) => job.name),
      [json.name],
    );
    const at = `/batch/scores/jobs/${json.name}`;
    assert.equal((await kit.send('POST', `${at}/cancel`, { token })).status, 202);
    assert.equal((await ended(json.name)).status, 'Canceled');
    assert.equal((await kit.send('GET', at, { token })).json.properties.status, 'Canceled');
  });

  it('ends with the reason when more fails than it forgives', async () => {
    await kit.upload('numbers-bad/x.txt', 'not a number');
    const inputData = { data: { jobInputType: 'UriFolder', uri: DATA.replace('numbers', 'numbers-bad') } };
    const { json } = await kit.invoke('scores', {
      inputData,
      errorThreshold: 0,
      retrySettings: { maxRetries: 0 },
    });
    assert.equal((await ended(json.name)).status, 'Failed');
    assert.match(
      (await kit.details(json.name)).error.error.message,
      /More items failed \(1\) than error_threshold/,
    );
  });

  it('ends at once when a script says that no attempt will help', async () => {
    const script =
      'class Hopeless(Exception):\n    ends_the_job = True\ndef run(batch):\n    raise Hopeless("no reader")';
    const hopeless = await kit.code('hopeless', { 'score.py': script });
    const codeConfiguration = { codeId: hopeless, scoringScript: 'score.py' };
    await kit.deployment('scores', 'hopeless', { codeConfiguration });
    const headers = { 'azureml-model-deployment': 'hopeless' };
    const { json } = await kit.invoke('scores', { inputData: FOLDER }, headers);
    assert.equal((await ended(json.name)).status, 'Failed');
    assert.match((await kit.details(json.name)).error.error.message, /Hopeless: no reader/);
  });

  it('takes tokens for Azure ML only, of those who may', async () => {
    const inputs = { properties: { inputData: FOLDER } };
    const post = (token: string | false) => kit.send('POST', '/batch/scores/jobs', { body: inputs, token });
    assert.equal((await post(false)).status, 401);
    assert.equal((await post(await kit.token())).status, 401);
    const reader = await kit.tokenFor('https://ml.azure.com', 'reader');
    assert.equal((await post(reader)).status, 403);
    assert.equal((await kit.send('GET', '/batch/scores/jobs', { token: reader })).status, 200);
  });

  for (const [what, properties, reason] of [
    ['no input', {}, /exactly one input/],
    [
      'two inputs',
      { inputData: { ...FOLDER, more: FOLDER.numbers } },
      /exactly one input, and the request has 2/,
    ],
    ['a literal', { inputData: { x: { jobInputType: 'Literal', value: 3 } } }, /uri_file or a uri_folder/],
    [
      'an unknown type',
      { inputData: { x: { jobInputType: 'Table', uri: DATA } } },
      /jobInputType' must be a type/,
    ],
    [
      'data that is not there',
      { inputData: { x: { jobInputType: 'UriFile', uri: 'azureml:none:1' } } },
      /'none:1' was not found/,
    ],
    ['a name with slashes', { inputData: FOLDER, name: '../x' }, /job name/],
    [
      'a file outside the output',
      { inputData: FOLDER, outputFileName: '../x' },
      /outputFileName must be the name of a file/,
    ],
  ] as const) {
    it(`refuses an invocation with ${what}`, async () => {
      const { status, text, json } = await kit.invoke('scores', properties);
      assert.equal(status, 400, text);
      assert.match(json.error.message, reason);
    });
  }

  it('is deleted by its default deployment no more than by halves', async () => {
    const refused = await kit.done('DELETE', '/batchEndpoints/scores/deployments/files');
    assert.equal(refused.answer.status, 400);
    assert.match(refused.answer.text, /default deployment/);
    await kit.endpoint('short-lived');
    assert.equal((await kit.done('DELETE', '/batchEndpoints/short-lived')).answer.status, 202);
    assert.equal((await kit.send('GET', kit.url('/batchEndpoints/short-lived'))).status, 404);
    assert.equal((await kit.done('DELETE', '/batchEndpoints/short-lived')).answer.status, 204);
  });
});
