import assert from 'node:assert/strict';
import { openBatchKit, type BatchKit } from './kit.ts';

describe('A batch deployment', () => {
  let kit: BatchKit;
  before(async () => {
    kit = await openBatchKit();
    await kit.endpoint('flows');
    const command = { type: 'command', environment: `azureml:${kit.environmentId}` };
    const say = {
      ...command,
      command: 'echo ${{inputs.word}} > ${{outputs.said}}/said.txt',
      inputs: { word: { type: 'string' } },
      outputs: { said: { type: 'uri_folder' } },
    };
    const flow = {
      type: 'pipeline',
      inputs: { word: { type: 'string' }, times: { type: 'integer', default: '1' } },
      outputs: { said: { type: 'uri_folder' } },
      jobs: { say: sayNode(`${kit.id}/components/say/versions/1`) },
    };
    await kit.put('/components/say/versions/1', { componentSpec: { name: 'say', version: '1', ...say } });
    await kit.put('/components/flow/versions/1', { componentSpec: { name: 'flow', version: '1', ...flow } });
  });
  after(() => kit.stop());

  const sayNode = (componentId: string) => ({
    type: 'command',
    componentId,
    inputs: { word: '${{parent.inputs.word}}' },
    outputs: { said: '${{parent.outputs.said}}' },
  });
  const pipeline = (assetId: string) => ({
    compute: null,
    environmentId: null,
    model: null,
    deploymentConfiguration: {
      deploymentConfigurationType: 'PipelineComponent',
      componentId: { referenceType: 'Id', assetId },
      settings: { default_compute: 'cpu-cluster', continue_on_step_failure: 'False' },
      tags: { team: 'a' },
    },
  });
  const said = async (name: string): Promise<string | undefined> => {
    const { status, outputs } = (await kit.ended(name)).properties;
    assert.equal(status, 'Completed', JSON.stringify((await kit.details(name)).error));
    return kit.blob(`${outputs.said.uri.replace(/^.*\/paths\//, '')}said.txt`);
  };

  it('of a pipeline component runs the pipeline with what the caller gives, and its settings and tags', async () => {
    const made = await kit.deployment('flows', 'flow', pipeline(`${kit.id}/components/flow/versions/1`));
    assert.equal(made.operation.status, 'Succeeded', made.operation.error?.message);
    const headers = { 'azureml-model-deployment': 'flow' };
    const inputData = { word: { JobInputType: 'Literal', Value: 7 } };
    const { json } = await kit.invoke('flows', { InputData: inputData }, headers);
    const { name } = json;
    const job = (await kit.ended(name)).properties;
    assert.deepEqual([job.tags.team, job.tags['azureml.jobtype']], ['a', 'azureml.pipelinejob']);
    assert.equal(job.settings.continue_on_step_failure, false);
    assert.equal(await kit.blob(`azureml/${name}/said/said.txt`), '7\n');
    for (const [given, reason] of [
      [{}, /needs the inputs 'word'/],
      [{ ...inputData, other: inputData.word }, /no input 'other': its inputs are 'word', 'times'/],
    ] as const) {
      const { status, text } = await kit.invoke('flows', { InputData: given }, headers);
      assert.equal(status, 400);
      assert.match(text, reason);
    }
  });

  it('made from a job runs its steps again', async () => {
    const word = { jobInputType: 'literal', value: 'again' };
    const outputs = { said: { jobOutputType: 'uri_folder' } };
    const componentId = `${kit.id}/components/flow/versions/1`;
    await kit.put('/jobs/first', { jobType: 'Pipeline', jobs: {}, componentId, inputs: { word }, outputs });
    assert.equal(await said('first'), 'again\n');
    const componentSpec = {
      name: 'of-job',
      version: '1',
      type: 'pipeline',
      jobs: {},
      source_job_id: 'first',
    };
    await kit.put('/components/of-job/versions/1', { componentSpec });
    await kit.deployment('flows', 'of-job', pipeline(`${kit.id}/components/of-job/versions/1`));
    const { json } = await kit.invoke('flows', {}, { 'azureml-model-deployment': 'of-job' });
    assert.equal(await said(json.name), 'again\n');
    const [step] = (await kit.send('GET', kit.plane('/history/v1.0', `/runs/${json.name}/children`))).json
      .value;
    assert.equal(step.properties['azureml.isreused'], 'true');
  });

  for (const [what, properties, reason] of [
    ['without compute', { compute: null }, /properties.compute' is required/],
    ['on a compute that is not there', { compute: 'azureml:none' }, /Unknown compute target 'none'/],
    [
      'with a model that is not there',
      { model: { referenceType: 'Id', assetId: 'azureml:none:1' } },
      /'none:1' was not found/,
    ],
    ['with neither script nor MLflow model', {}, /codeConfiguration is required/],
    [
      'with a script that lies nowhere',
      { codeConfiguration: { scoringScript: 'a.py' } },
      /codeId is required/,
    ],
    [
      'with counts below one',
      { miniBatchSize: 0, retrySettings: { timeout: '30' } },
      /miniBatchSize must be a whole number from 1.*retrySettings.timeout must be an ISO 8601/,
    ],
    [
      'with a file name that leads away',
      { outputFileName: '../rows.csv' },
      /outputFileName must be the name of a file/,
    ],
    ['with a reference of no kind', { model: { referenceType: 'Path' } }, /referenceType' must be one of/],
    ['of a component that is no pipeline', pipeline('azureml:say:1'), /of the type 'command'/],
    [
      'of a component that is not there',
      pipeline('azureml:none:1'),
      /component '(azureml:)?none:1' was not found/,
    ],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const { answer } = await kit.deployment('flows', 'bad', properties);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.json.error.message, reason);
      assert.equal((await kit.send('GET', kit.url('/batchEndpoints/flows/deployments/bad'))).status, 404);
    });
  }

  it('changes its tags and its description, and an endpoint its tags', async () => {
    const at = '/batchEndpoints/flows';
    const patch = { tags: { a: 'b' }, properties: { description: 'words' } };
    for (const path of [`${at}/deployments/flow`, at]) {
      const { answer, operation } = await kit.done('PATCH', path, patch);
      assert.deepEqual([answer.status, operation.status], [202, 'Succeeded']);
      assert.deepEqual((await kit.send('GET', kit.url(path))).json.tags, { a: 'b' });
    }
    const { json } = await kit.send('GET', kit.url(`${at}/deployments/flow`));
    assert.equal(json.properties.description, 'words');
    assert.equal(json.properties.miniBatchSize, 10);
  });

  it('becomes the default only once it is there', async () => {
    const { answer } = await kit.endpoint('flows', { defaults: { deploymentName: 'none' } });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /no deployment of this name/);
    const { status, text } = await kit.invoke('flows', { inputData: {} });
    assert.equal(status, 400);
    assert.match(text, /no default deployment/);
  });
});
