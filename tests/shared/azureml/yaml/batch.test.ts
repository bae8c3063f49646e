import assert from 'node:assert/strict';
import { compileFile, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { refusals, shown } from './fixture.ts';

type Json = Record<string, unknown>;
const endpoint = (text: string) => compileFile(readYaml(text, 'endpoint.yml'), { use: 'batchEndpoint' });
const deployment = (text: string) =>
  compileFile(readYaml(text, 'deployment.yml'), { use: 'batchDeployment' });
const sent = (text: string) => shown(deployment(text))['properties'] as Json;
const BASE = 'name: Blue\nendpoint_name: Scores\ncompute: cpu\n';

describe('a batch endpoint', () => {
  it('signs in by Entra and has a default deployment', () => {
    assert.deepEqual(shown(endpoint('name: My-Scores\ndefaults: {deployment_name: blue}\n')), {
      location: '<location>',
      tags: {},
      properties: { authMode: 'AADToken', properties: {}, defaults: { deploymentName: 'blue' } },
    });
  });

  it('has no identity of its own', () => {
    assert.match(
      refusals(() => endpoint('name: scores\nidentity: {type: system_assigned}\n'))[0]!,
      /^2:1 A batch endpoint has no 'identity'/,
    );
  });
});

describe('a batch deployment', () => {
  it('says how files are cut into batches, tried again and written', () => {
    const properties = sent(
      `${BASE}model: azureml:m@latest\nmini_batch_size: 10\nretry_settings: {max_retries: 3, timeout: 300}\n` +
        'output_action: append_row\nlogging_level: info\nresources: {instance_count: 2}\n',
    );
    assert.deepEqual(properties, {
      properties: {},
      compute: '<computes/cpu>',
      model: { referenceType: 'Id', assetId: '<models/m@latest>' },
      retrySettings: { maxRetries: 3, timeout: 'PT5M' },
      miniBatchSize: 10,
      loggingLevel: 'Info',
      outputAction: 'AppendRow',
      environmentVariables: {},
      resources: { instanceCount: 2, properties: {} },
    });
  });

  it('is named in small letters; its endpoint is named as it is', () => {
    const compiled = deployment(`${BASE}model: azureml:m:1\n`);
    assert.deepEqual([compiled.name, compiled.endpointName], ['blue', 'Scores']);
  });

  it('of a model has its settings apart', () => {
    const compiled = deployment(
      `${BASE}type: model\nmodel: azureml:m:1\nsettings: {mini_batch_size: 5, instance_count: 3, environment_variables: {A: 1}}\n`,
    );
    assert.equal(compiled.kind, 'modelBatchDeployment');
    const properties = shown(compiled)['properties'] as Json;
    assert.equal(properties['miniBatchSize'], 5);
    assert.deepEqual(properties['resources'], { instanceCount: 3, properties: {} });
    assert.deepEqual(properties['environmentVariables'], { A: '1' });
  });

  it('of a pipeline names its component, or an earlier job that becomes one', () => {
    const given = 'name: d\nendpoint_name: e\ntype: pipeline\nsettings: {default_compute: cpu}\n';
    const component = sent(`${given}component: azureml:c:1\n`)['deploymentConfiguration'];
    assert.deepEqual(component, {
      deploymentConfigurationType: 'PipelineComponent',
      componentId: { referenceType: 'Id', assetId: '<components/c:1>' },
      settings: { default_compute: 'cpu' },
    });
    const [asset] = deployment(`${given}job_definition: azureml:done\n`).assets;
    assert.ok(asset?.kind === 'version');
    const spec = (asset.body['properties'] as Json)['componentSpec'] as Json;
    assert.equal(spec['sourceJobId'], 'done');
  });

  it('tells all that is wrong at once', () => {
    assert.deepEqual(
      refusals(() =>
        deployment(`${BASE}output_action: summary_only\noutput_file_name: x\nmini_batch_sise: 3\n`),
      ),
      [
        "1:1 With 'output_action: summary_only' there is no file, so leave 'output_file_name' out.",
        "6:1 'mini_batch_sise' is not known here. Did you mean 'mini_batch_size'?",
      ],
    );
  });
});
