import assert from 'node:assert/strict';
import { checkAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { openLab, until, type Lab } from './lab.ts';

const DATA = 'azureml://datastores/workspaceblobstore/paths/data/';

describe('A command job', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.stop());

  it('runs its code with its inputs and leaves log, outputs and artifacts', async () => {
    const codeId = await lab.code('hello', {
      'main.py':
        'import os, sys\n' +
        'print(open(sys.argv[1]).read(), sys.argv[2], os.environ["COLOUR"])\n' +
        'open(os.path.join(sys.argv[3], "m.txt"), "w").write("model")\n' +
        'open(sys.argv[4], "w").write("report")\n' +
        'os.makedirs("outputs/deep"); open("outputs/deep/a.txt", "w").write("artifact")\n' +
        'open("logs/extra.log", "w").write("more")\n',
    });
    await lab.upload('data/one.csv', 'a,b');
    const submitted = await lab.submit('hello', {
      codeId,
      displayName: 'Hello',
      experimentName: 'greetings',
      command: 'python main.py ${{inputs.data}} ${{inputs.word}} ${{outputs.model}} ${{outputs.report}}',
      environmentVariables: { COLOUR: 'red' },
      tags: { kind: 'test' },
      inputs: {
        data: { jobInputType: 'uri_file', uri: 'azureml://datastores/workspaceblobstore/paths/data/one.csv' },
        word: { jobInputType: 'literal', value: 'world' },
      },
      outputs: { model: { jobOutputType: 'custom_model' }, report: { jobOutputType: 'uri_file' } },
    });
    assert.equal(submitted.status, 201);
    assert.equal(submitted.json.properties.status, 'NotStarted');
    assert.deepEqual(checkAnswer('jobs', submitted.json), []);
    const job = await lab.ended('hello');
    assert.equal(job.properties.status, 'Completed', JSON.stringify((await lab.details('hello')).error));
    assert.deepEqual(checkAnswer('jobs', job), []);
    assert.equal((await lab.log('hello')).trim(), 'a,b world red');
    assert.equal(await lab.blob('azureml/hello/model/m.txt'), 'model');
    assert.equal(await lab.blob('azureml/hello/report'), 'report');
    assert.equal(await lab.blob('ExperimentRun/dcid.hello/outputs/deep/a.txt', 'azureml'), 'artifact');
    assert.equal(await lab.log('hello', 'logs/extra.log'), 'more');
  });

  it('registers what it gave, where clients look for it', async () => {
    const { json } = await lab.send('POST', lab.plane('/history/v1.0', '/rundata'), {
      body: { runId: 'hello' },
    });
    const { model, report } = json.runMetadata.outputs;
    assert.equal(model.type, 'CustomModel');
    assert.equal(report.type, 'UriFile');
    const models = await lab.send('POST', lab.plane('/modelregistry/v1.0', '/models/batchGetResolvedUris'), {
      body: { values: [model.assetId] },
    });
    assert.equal(
      models.json.values[model.assetId].path,
      'azureml://datastores/workspaceblobstore/paths/azureml/hello/model/',
    );
    const data = await lab.send('POST', lab.plane('/data/v1.0', '/dataversion/batchGetResolvedUris'), {
      body: { values: [report.assetId] },
    });
    assert.equal(
      data.json.values[report.assetId].uri,
      'azureml://datastores/workspaceblobstore/paths/azureml/hello/report',
    );
    const listed = await lab.send('GET', lab.url('/models'));
    assert.deepEqual(
      listed.json.value,
      [],
      'what is registered by itself is not among the models people made',
    );
  });

  it('takes the outputs of another job, registered data and models, and folders as inputs', async () => {
    await lab.put('/data/table/versions/3', {
      dataType: 'uri_folder',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/data/',
    });
    await lab.put('/models/m/versions/1', {
      modelType: 'custom_model',
      modelUri: 'azureml://jobs/hello/outputs/model',
    });
    await lab.submit('taker', {
      command:
        'cat ${{inputs.out}} ${{inputs.table}}/one.csv ${{inputs.model}}/m.txt ${{inputs.artifact}}; echo; echo ${{inputs.direct}}',
      inputs: {
        out: { jobInputType: 'uri_file', uri: 'azureml://jobs/hello/outputs/report' },
        table: { jobInputType: 'uri_folder', uri: `${lab.id}/data/table/versions/3`, mode: 'Download' },
        model: { jobInputType: 'custom_model', uri: `${lab.id}/models/m/versions/1` },
        artifact: { jobInputType: 'uri_file', uri: 'runs:/hello/outputs/deep/a.txt' },
        direct: {
          jobInputType: 'uri_folder',
          uri: 'azureml://datastores/workspaceblobstore/paths/x/',
          mode: 'Direct',
        },
      },
    });
    assert.equal((await lab.ended('taker')).properties.status, 'Completed', await lab.log('taker'));
    assert.deepEqual((await lab.log('taker')).trim().split('\n'), [
      'reporta,bmodelartifact',
      'azureml://datastores/workspaceblobstore/paths/x/',
    ]);
  });

  it('leaves its files to the models that were registered from it when it is deleted', async () => {
    const uris = {
      output: 'azureml://jobs/hello/outputs/model/paths/',
      artifact: 'azureml://jobs/hello/outputs/artifacts/paths/outputs/deep/',
    };
    for (const [name, modelUri] of Object.entries(uris))
      assert.equal((await lab.put(`/models/${name}/versions/1`, { modelUri })).status, 201);
    assert.equal((await lab.send('DELETE', lab.url('/jobs/hello'))).status, 200);
    await lab.submit('heir', {
      command: 'ls ${{inputs.output}} ${{inputs.artifact}}',
      inputs: Object.fromEntries(
        Object.keys(uris).map((name) => [
          name,
          { jobInputType: 'custom_model', uri: `azureml:${name}:1`, mode: 'Download' },
        ]),
      ),
    });
    assert.equal((await lab.ended('heir')).properties.status, 'Completed', await lab.log('heir'));
    assert.match(await lab.log('heir'), /m\.txt[^]*a\.txt|a\.txt[^]*m\.txt/);
    const kept = await lab.send('GET', lab.url('/models/output/versions/1'));
    assert.deepEqual([kept.json.properties.modelUri, kept.json.properties.jobName], [uris.output, 'hello']);
  });

  it('goes through its statuses in the order of the service', async () => {
    const order = ['NotStarted', 'Preparing', 'Queued', 'Running', 'Finalizing', 'Completed'];
    await lab.submit('statuses', { command: 'sleep 2' });
    const seen: string[] = [];
    await until(async () => {
      const { status } = (await lab.send('GET', lab.url('/jobs/statuses'))).json.properties;
      if (seen.at(-1) !== status) seen.push(status);
      return status === 'Completed';
    }, 'completion');
    const places = seen.map((status) => order.indexOf(status));
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
    );
    assert.ok(seen.includes('Running') && !places.includes(-1), seen.join());
  });

  it('shows its log while it runs, in parts, as it grows', async () => {
    await lab.submit('live', { command: 'echo first; sleep 300' });
    await lab.reached('live', 'Running');
    await until(async () => (await lab.log('live')) === 'first\n', 'the first line');
    const address = (await lab.details('live')).logFiles['user_logs/std_log.txt'];
    const part = await lab.send('GET', address, { token: false, headers: { range: 'bytes=2-' } });
    assert.equal(part.status, 206);
    assert.equal(part.text, 'rst\n');
    await lab.send('POST', lab.url('/jobs/live/cancel'));
    await lab.ended('live');
  });

  it('that fails tells how its process ended and the last lines it printed', async () => {
    await lab.submit('broken', {
      command: 'echo starting; echo "ValueError: no such column" >&2; echo half > outputs/part.txt; exit 3',
    });
    const job = await lab.ended('broken');
    assert.equal(job.properties.status, 'Failed');
    const { error } = await lab.details('broken');
    assert.equal(error.error.code, 'UserError');
    assert.match(
      error.error.message,
      /User process '\/bin\/bash' exited with status code 3\..*'user_logs\/std_log\.txt'.*ValueError: no such column/s,
    );
    assert.equal(
      await lab.blob('ExperimentRun/dcid.broken/outputs/part.txt', 'azureml'),
      'half\n',
      'what it left is kept',
    );
  });

  it('is cancelled with all its processes, gently first', async () => {
    await lab.submit('stubborn', {
      command:
        'trap "echo asked; exit 7" TERM; (trap "" TERM; echo child $BASHPID; sleep 300) & echo ready; wait',
    });
    await until(async () => /ready/.test(await lab.log('stubborn')), 'its start');
    const cancel = await lab.send('POST', lab.url('/jobs/stubborn/cancel'));
    assert.equal(cancel.status, 202);
    const job = await lab.ended('stubborn');
    assert.equal(job.properties.status, 'Canceled');
    const log = await lab.log('stubborn');
    assert.match(log, /asked/);
    const child = Number(/child (\d+)/.exec(log)?.[1]);
    await until(() => isGone(child), 'the child to be gone');
    assert.equal(
      (await lab.send('POST', lab.url('/jobs/stubborn/cancel'))).status,
      200,
      'cancelling twice is no fault',
    );
  });

  it('is cancelled when it runs longer than its limit', async () => {
    await lab.submit('slow', {
      command: 'sleep 60',
      limits: { jobLimitsType: 'Command', timeout: 'PT0.5S' },
    });
    const job = await lab.ended('slow');
    assert.equal(job.properties.status, 'Canceled');
    assert.match((await lab.details('slow')).error.error.message, /longer than its limit of 0\.5 seconds/);
  });

  it('says what it misses when an input is not there', async () => {
    await lab.submit('missing', {
      command: 'cat ${{inputs.data}}',
      inputs: {
        data: { jobInputType: 'uri_file', uri: 'azureml://datastores/workspaceblobstore/paths/nowhere.csv' },
      },
    });
    assert.equal((await lab.ended('missing')).properties.status, 'Failed');
    assert.match(
      (await lab.details('missing')).error.error.message,
      /StreamAccess\.NotFound.*input 'data' at 'azureml:.*nowhere\.csv'/,
    );
  });

  it('fails as an image build does when its environment cannot be made here', async () => {
    await lab.put('/environments/own/versions/1', { image: 'corp.azurecr.io/x:1' });
    await lab.submit('image', { command: 'echo x', environmentId: `${lab.id}/environments/own/versions/1` });
    assert.equal((await lab.ended('image')).properties.status, 'Failed');
    assert.match(
      (await lab.details('image')).error.error.message,
      /The image 'corp\.azurecr\.io\/x:1' has no counterpart/,
    );
  });

  it('keeps a warning about its Python in its log and its properties', async () => {
    await lab.put('/environments/old/versions/1', {
      image: 'python:3',
      condaFile: 'dependencies: [python=2.6]',
    });
    await lab.submit('old', { command: 'echo x', environmentId: `${lab.id}/environments/old/versions/1` });
    const { properties } = await lab.ended('old');
    assert.match(properties.properties['embedded.warnings'], /asks for Python ==2\.6/);
    assert.match(await lab.log('old'), /^Warning: The environment asks for Python ==2\.6\.\*/);
    assert.match((await lab.details('old')).warnings[0].message, /Python ==2\.6/);
  });

  it('drops optional parts of its command that have no value', async () => {
    await lab.submit('optional', {
      command: 'echo a $[[b ${{inputs.b}}]] $[[c ${{inputs.c}}]]',
      inputs: { b: { jobInputType: 'literal', value: '1' } },
    });
    await lab.ended('optional');
    assert.equal((await lab.log('optional')).trim(), 'a b 1');
  });

  it('sees nothing of the environment of the workspace but what a machine needs', async () => {
    process.env['SYSTEM_ACCESSTOKEN'] = 'secret-of-the-agent';
    await lab.submit('clean', { command: 'env' });
    await lab.ended('clean');
    delete process.env['SYSTEM_ACCESSTOKEN'];
    const log = await lab.log('clean');
    assert.ok(!log.includes('secret-of-the-agent'));
    assert.match(log, /^MLFLOW_RUN_ID=clean$/m);
    assert.match(log, /^REQUESTS_CA_BUNDLE=.+ca-bundle\.pem$/m);
  });

  for (const jobType of ['AutoML', 'Spark']) {
    it(`of the type ${jobType} is accepted and fails with the reason`, async () => {
      const own =
        jobType === 'AutoML'
          ? { taskDetails: { taskType: 'Regression', trainingData: { jobInputType: 'mltable', uri: DATA } } }
          : {
              codeId: await lab.code('spark', { 'a.py': '' }),
              entry: { sparkJobEntryType: 'SparkJobPythonEntry', file: 'a.py' },
            };
      const { status } = await lab.put(`/jobs/${jobType.toLowerCase()}`, { jobType, ...own });
      assert.equal(status, 201);
      assert.equal((await lab.ended(jobType.toLowerCase())).properties.status, 'Failed');
      assert.match(
        (await lab.details(jobType.toLowerCase())).error.error.message,
        new RegExp(`accepts ${jobType} jobs but does not run them`),
      );
    });
  }
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
