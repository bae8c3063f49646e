import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, truncate } from 'node:fs/promises';
import { runTask } from '../../helpers/taskProcess.ts';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { startRegisterKit, type RegisterKit } from './kit.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const POLICY = 'metrics:\n  rmse: { direction: lower, max: 10 }\n';

describe('RegisterModel', () => {
  let kit: RegisterKit;
  before(async () => {
    kit = await startRegisterKit();
    await kit.train(
      'trained',
      'mkdir ${{outputs.model}}/sub; printf weights > ${{outputs.model}}/sub/model.bin; printf card > ${{outputs.model}}/README; mkdir -p outputs/mlflow; printf "flavors: {}" > outputs/mlflow/MLmodel',
    );
  });
  after(() => kit.stop());

  it('registers the output of a job, with the hash of every file, lineage and evidence', async () => {
    const done = await kit.ok(
      {
        source: 'azureml://jobs/trained/outputs/model',
        modelName: 'from-job',
        description: 'About it',
        tags: 'team=risk',
        properties: 'owner=ada',
      },
      { variables: { 'Build.SourceVersion': 'abc123' } },
    );
    assert.match(done.log, new RegExp(`${sha256('weights')} {2}sub/model\\.bin \\(7 bytes\\)`));
    const { modelName, modelVersion, registered, modelId, evidenceHash = '' } = done.outputs;
    assert.deepEqual([modelName, modelVersion, registered], ['from-job', '1', 'true']);
    const model = await kit.model('from-job', '1');
    assert.equal(model.id, modelId);
    assert.equal(model.modelType, 'custom_model');
    assert.equal(model.description, 'About it');
    assert.equal(model.tags['team'], 'risk');
    assert.equal(model.tags['git.commit'], 'abc123');
    assert.equal(model.properties['owner'], 'ada');
    assert.equal(model.properties['delivery.job'], 'trained');
    assert.equal(model.properties['delivery.evidenceHash'], evidenceHash);
    assert(Object.entries(model.properties).join('').length < 1024);
    const evidence = done.attachments[`azureml-evidence/${evidenceHash}.json`] ?? '';
    assert.equal(sha256(evidence), evidenceHash);
    assert(evidence.includes('"kind":"trained"') && evidence.includes('"kind":"registered"'));
    assert(evidence.includes(sha256('weights')) && evidence.includes(sha256('card')));
  });

  it('gives the same version back for the same bytes, wherever they come from, and another for others', async () => {
    const source = 'azureml://jobs/trained/outputs/model/paths/sub';
    const first = await kit.ok({ source, modelName: 'once' });
    const local = await kit.write('same/model.bin', 'weights');
    const second = await kit.ok({ source: `${kit.folder}/same`, modelName: 'once' });
    assert.equal(second.outputs['modelVersion'], first.outputs['modelVersion']);
    assert.equal(second.outputs['evidenceHash'], first.outputs['evidenceHash']);
    assert.match(second.log, /already holds these bytes; no other version was made/);
    const other = await kit.ok({ source: await kit.write('other.bin', 'others'), modelName: 'once' });
    assert.equal(other.outputs['modelVersion'], '2');
    assert.equal((await kit.ok({ source: local, modelName: 'once' })).outputs['modelVersion'], '1');
    assert.deepEqual(await kit.versions('once'), ['1', '2']);
  });

  it('makes one version when two register the same bytes at once, and two of different bytes', async () => {
    const source = await kit.write('at-once/model.bin', 'at once');
    const both = await Promise.all([1, 2].map(() => kit.ok({ source, modelName: 'at-once' })));
    assert.deepEqual(
      both.map(({ outputs }) => outputs['modelVersion']),
      ['1', '1'],
    );
    const sources = await Promise.all(['x', 'y'].map((text) => kit.write(`at-once/${text}.bin`, text)));
    const different = await Promise.all(sources.map((one) => kit.ok({ source: one, modelName: 'at-once' })));
    assert.deepEqual(different.map(({ outputs }) => outputs['modelVersion']).sort(), ['2', '3']);
    assert.deepEqual(await kit.versions('at-once'), ['1', '2', '3']);
  });

  it('keeps a version that was asked for, and refuses other bytes under it', async () => {
    const source = 'azureml://jobs/trained/outputs/model';
    const done = await kit.ok({ source, modelName: 'versioned', modelVersion: '1.2.0' });
    assert.equal(done.outputs['modelVersion'], '1.2.0');
    await kit.ok({ source, modelName: 'versioned', modelVersion: '1.2.0' });
    const other = await kit.write('v.bin', 'v');
    const refused = await kit.run({ source: other, modelName: 'versioned', modelVersion: '1.2.0' });
    assert.equal(refused.result, 'Failed');
    assert.match(
      refused.message,
      /input 'modelVersion': Model 'versioned:1\.2\.0' exists and holds other bytes/,
    );
  });

  it('knows an MLflow model by its file, and takes artifacts of a run, datastore addresses and Triton folders', async () => {
    const mlflow = await kit.ok({ source: 'runs:/trained/outputs/mlflow', modelName: 'mlflow' });
    assert.equal((await kit.model('mlflow', '1')).modelType, 'mlflow_model');
    assert.match(mlflow.log, new RegExp(sha256('flavors: {}')));
    const stored = 'azureml://datastores/workspaceblobstore/paths/models/stored';
    await kit.client.blobs.write(
      { datastore: 'workspaceblobstore', path: 'models/stored/a.bin' },
      Buffer.from('a'),
      'text/plain',
    );
    await kit.ok({ source: stored, modelName: 'stored' });
    assert.equal((await kit.model('stored', '1')).modelUri.endsWith('/paths/models/stored'), true);
    await kit.write('triton/net/1/model.onnx', 'onnx');
    await kit.ok({ source: `${kit.folder}/triton`, modelName: 'triton', modelType: 'triton_model' });
    assert.equal((await kit.model('triton', '1')).modelType, 'triton_model');
    const refused = await kit.run({ source: stored, modelName: 'no', modelType: 'mlflow_model' });
    assert.match(refused.message, /input 'modelType': .* holds no MLmodel file/);
  });

  it('registers only what passed, and says in one sentence why not', async () => {
    const source = 'azureml://jobs/judged/outputs/model';
    await kit.train('judged', 'printf m > ${{outputs.model}}/m');
    const inputs = { source, modelName: 'judged', onlyIfPassed: 'true' };
    const judge = async (rmse: number): Promise<void> => {
      await kit.workspace.send('POST', `/mlflow/v2.0${kit.workspace.id}/api/2.0/mlflow/runs/log-batch`, {
        body: {
          run_id: 'judged',
          metrics: [{ key: 'rmse', value: rmse, timestamp: Date.now(), step: rmse }],
        },
      });
      const done = await runTask('EvaluateModel', kit.workspace, {
        inputs: { candidate: 'judged', champion: 'none', policy: POLICY },
      });
      assert.equal(done.result, 'Succeeded', done.message);
    };
    const never = await kit.ok(inputs);
    assert.equal(never.outputs['registered'], 'false');
    assert.equal(never.message, 'Model judged was not registered: it was never evaluated.');
    const local = await kit.ok({ ...inputs, source: await kit.write('judged.bin', 'm') });
    assert.match(local.message, /there is no job whose evaluation could have passed/);
    await judge(1);
    const passed = await kit.ok(inputs);
    assert.equal(passed.outputs['registered'], 'true');
    assert.match(Object.values(passed.attachments).join(), /"kind":"judged"/);
  });

  it('does not register what did not pass', async () => {
    await kit.train('worse', 'printf w > ${{outputs.model}}/w');
    await kit.workspace.send('POST', `/mlflow/v2.0${kit.workspace.id}/api/2.0/mlflow/runs/log-batch`, {
      body: { run_id: 'worse', metrics: [{ key: 'rmse', value: 99, timestamp: 1, step: 0 }] },
    });
    await runTask('EvaluateModel', kit.workspace, {
      inputs: { candidate: 'worse', champion: 'none', policy: POLICY },
    });
    const done = await kit.ok({
      source: 'azureml://jobs/worse/outputs/model',
      modelName: 'worse',
      onlyIfPassed: 'true',
    });
    assert.equal(done.outputs['registered'], 'false');
    assert.match(done.message, /^Model worse was not registered: .*rmse.*\.$/);
    assert.deepEqual(await kit.versions('worse'), []);
  });

  describe('when something is wrong', () => {
    const fails = async (inputs: Readonly<Record<string, string>>, words: RegExp): Promise<void> => {
      const done = await kit.run({ modelName: 'wrong', ...inputs });
      assert.equal(done.result, 'Failed', done.log);
      assert.match(done.message, words);
      assert.deepEqual(await kit.versions('wrong'), []);
    };

    it('names the inputs', async () => {
      await fails(
        {
          source: '',
          modelName: 'a model',
          modelVersion: '1/2',
          modelType: 'onnx',
          properties: 'delivery.x=1',
        },
        /input 'modelName': 'a model' cannot be the name[^]*input 'modelVersion'[^]*input 'source': A value is required[^]*input 'modelType': 'onnx' is not one of[^]*input 'properties': 'delivery\.x' is written by this task/,
      );
      await fails(
        { source: 'https://example.com/model.zip' },
        /input 'source': .* is not an address a model can be registered from/,
      );
      await fails({ source: './nothing' }, /input 'source': There is no file or folder '\.\/nothing'/);
    });

    it('names a job, an output and a path that are not there, and a job that has not ended', async () => {
      await fails({ source: 'azureml://jobs/none/outputs/model' }, /has no job 'none'/);
      await fails(
        { source: 'azureml://jobs/trained/outputs/other' },
        /Job 'trained' has no output 'other'; it has model/,
      );
      await fails(
        { source: 'azureml://jobs/trained/outputs/model/paths/none' },
        /input 'source': There are no files at/,
      );
      await mkdir(`${kit.folder}/empty`);
      await fails({ source: `${kit.folder}/empty` }, /input 'source': .*empty has no files/);
      await kit.train('running', 'sleep 60', false);
      await fails({ source: 'azureml://jobs/running/outputs/model' }, /Job 'running' has not ended/);
      await kit.client.jobs.beginCancel('running');
    });

    it('names the storage that is out of reach', async () => {
      const gate = await startFaultGate(kit.workspace);
      try {
        const { json } = await kit.workspace.send(
          'GET',
          `${kit.workspace.id}/datastores/workspaceblobstore?api-version=2024-10-01`,
        );
        const body = { ...json, properties: { ...json.properties, endpoint: 'core.localhost:9' } };
        gate.decide = ({ method, path }) =>
          method === 'GET' && path.includes('/datastores/')
            ? { kind: 'answer', status: 200, body }
            : undefined;
        const done = await kit.run(
          { source: 'azureml://datastores/workspaceblobstore/paths/models/stored', modelName: 'wrong' },
          { connection: { url: gate.url } },
        );
        assert.equal(done.result, 'Failed');
        assert.match(
          done.message,
          /Listing azureml:\/\/datastores\/workspaceblobstore\/paths\/models\/stored failed: .*\nNext: Check that the agent reaches the workspace's storage account/,
        );
      } finally {
        await gate.stop();
      }
    });
  });

  it('streams a large file in level memory, and sends it once', async () => {
    const file = await kit.write('large/weights.bin', 'start');
    await truncate(file, 300 * 1024 ** 2);
    let peakInKilobytes = 0;
    let timer: NodeJS.Timeout | undefined;
    const onStart = (processId: number): void => {
      timer = setInterval(() => {
        void readFile(`/proc/${processId}/status`, 'utf8').then(
          (status) =>
            (peakInKilobytes = Math.max(peakInKilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
          () => undefined,
        );
      }, 50);
    };
    const done = await kit.ok({ source: file, modelName: 'large' }, { onStart });
    clearInterval(timer);
    assert.match(done.log, /Sent .*weights\.bin \(1 files, 300\.0 MB\)/);
    assert(peakInKilobytes < 250 * 1024, `${peakInKilobytes} kB`);
    const stored = await kit.ok(
      { source: (await kit.model('large', '1')).modelUri, modelName: 'large' },
      { onStart },
    );
    clearInterval(timer);
    assert.equal(stored.outputs['modelVersion'], '1');
    assert(peakInKilobytes < 250 * 1024, `${peakInKilobytes} kB`);
  });
});
