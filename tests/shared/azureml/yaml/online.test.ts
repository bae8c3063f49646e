import assert from 'node:assert/strict';
import { compileDeployment, compileEndpoint, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown, type Files } from './fixture.ts';

type Json = Record<string, unknown>;
const endpoint = (text: string) => compileEndpoint(readYaml(text, 'endpoint.yml'));
const MANAGED = 'name: Blue\nendpoint_name: Diabetes\ninstance_type: Standard_DS2_v2\n';
const deployment = (text: string) => compileDeployment(readYaml(text, 'deployment.yml'));
const sent = (text: string) => shown(deployment(text))['properties'] as Json;

describe('an online endpoint', () => {
  it('gets an identity, key sign-in and the workspace’s region', () => {
    const compiled = endpoint('name: Diabetes\ntags: {team: 7}\n');
    assert.equal(compiled.name, 'diabetes');
    assert.equal(compiled.kind, 'managedOnlineEndpoint');
    assert.deepEqual(shown(compiled), {
      location: '<location>',
      tags: { team: '7' },
      identity: { type: 'SystemAssigned' },
      properties: { authMode: 'Key', properties: {}, traffic: {}, mirrorTraffic: {} },
    });
  });

  it('keeps traffic and mirror traffic by deployment in small letters, without zeros', () => {
    const { traffic, mirrorTraffic } = shown(
      endpoint(
        'name: abc\ntraffic: {Blue: 90, green: 10, old: 0}\nmirror_traffic: {green: 5}\nauth_mode: aad_token\n',
      ),
    )['properties'] as Json;
    assert.deepEqual(traffic, { blue: 90, green: 10 });
    assert.deepEqual(mirrorTraffic, { green: 5 });
  });

  it('on Kubernetes names its compute', () => {
    const compiled = endpoint('name: abc\ncompute: azureml:aks\n');
    assert.equal(compiled.kind, 'kubernetesOnlineEndpoint');
    assert.equal((shown(compiled)['properties'] as Json)['compute'], '<computes/aks>');
  });

  it('takes a user-assigned identity', () => {
    const { identity } = shown(
      endpoint('name: abc\nidentity: {type: user_assigned, user_assigned_identities: [{resource_id: /x}]}\n'),
    );
    assert.deepEqual(identity, { type: 'UserAssigned', userAssignedIdentities: { '/x': {} } });
  });

  it('refuses names the service would refuse, and traffic over 100 percent', () => {
    assert.match(refusals(() => endpoint('name: ab\n'))[0]!, /3 to 32 letters/);
    assert.match(refusals(() => endpoint('name: my_ep\n'))[0]!, /cannot be the name/);
    assert.deepEqual(
      refusals(() => endpoint('name: abc\ntraffic: {a: 60, b: 60}\n')),
      ['2:10 The traffic adds up to 120 percent; at most 100 can be given out.'],
    );
  });
});

describe('an online deployment', () => {
  it('sends the instance count as the capacity of its sku', () => {
    const compiled = deployment(`${MANAGED}instance_count: 3\n`);
    assert.equal(compiled.name, 'blue');
    assert.equal(compiled.endpointName, 'Diabetes');
    assert.deepEqual(shown(compiled)['sku'], { name: 'Default', capacity: 3 });
  });

  it('turns milliseconds and seconds into durations', () => {
    const properties = sent(
      `${MANAGED}request_settings: {request_timeout_ms: 3000, max_queue_wait_ms: 100}\nliveness_probe: {period: 10, failure_threshold: 30}\n`,
    );
    assert.deepEqual(properties['requestSettings'], { requestTimeout: 'PT3S', maxQueueWait: 'PT0.1S' });
    assert.deepEqual(properties['livenessProbe'], { period: 'PT10S', failureThreshold: 30 });
  });

  it('collects data under names of its own', () => {
    const compiled = deployment(
      `${MANAGED}data_collector: {sampling_rate: 0.5, rolling_rate: day, collections: {model_inputs: {enabled: "True"}}}\n`,
    );
    const { dataCollector } = shown(compiled)['properties'] as Json;
    assert.deepEqual(dataCollector, {
      collections: {
        model_inputs: {
          dataCollectionMode: 'Enabled',
          dataId: '<local data Diabetes-Blue-model_inputs>',
          samplingRate: 0.5,
        },
      },
      rollingRate: 'Day',
    });
  });

  it('on Kubernetes scales and has container resources', () => {
    const properties = sent(
      'name: blue\nendpoint_name: abc\ntype: kubernetes\nresources: {requests: {cpu: "1", nvidia.com/gpu: "1"}, limits: {memory: 1Gi}}\n' +
        'scale_settings: {type: target_utilization, min_instances: 1, max_instances: 3, polling_interval: 10}\n',
    );
    assert.deepEqual(properties['containerResourceRequirements'], {
      containerResourceRequests: { cpu: '1', gpu: '1' },
      containerResourceLimits: { memory: '1Gi' },
    });
    assert.deepEqual(properties['scaleSettings'], {
      scaleType: 'TargetUtilization',
      minInstances: 1,
      maxInstances: 3,
      pollingInterval: 'PT10S',
    });
  });

  it('refuses what only the other kind has', () => {
    assert.match(
      refusals(() => sent(`${MANAGED}resources: {}\n`))[0]!,
      /not known in a managed online deployment/,
    );
    assert.match(
      refusals(() => sent(`${MANAGED}scale_settings: {type: target_utilization}\n`))[0]!,
      /only the default scale/,
    );
    assert.match(refusals(() => sent('name: blue\nendpoint_name: abc\n'))[0]!, /needs 'instance_type'/);
  });
});

describe('local files of a deployment', () => {
  let folder: Files;
  before(async () => {
    folder = await files({
      'd.yml': `${MANAGED}model: {path: model, type: mlflow_model}\ncode_configuration: {code: src, scoring_script: score.py}\nenvironment: {name: serving, version: 3, image: x}\n`,
      'bad.yml': `${MANAGED}model: nowhere\ncode_configuration: {code: src, scoring_script: other.py}\n`,
      'model/MLmodel': '',
      'src/score.py': '',
    });
  });
  after(() => folder.remove());

  it('become a model, a code and an environment version', () => {
    const compiled = compileDeployment(folder.read('d.yml'));
    const properties = shown(compiled)['properties'] as Json;
    assert.equal(properties['model'], '<local models >');
    assert.equal(properties['environmentId'], '<local environments serving>');
    assert.deepEqual(properties['codeConfiguration'], {
      codeId: '<local code src>',
      scoringScript: 'score.py',
    });
    const model = compiled.assets.find((asset) => asset.kind === 'version' && asset.type === 'models');
    assert.ok(model?.kind === 'version' && model.content?.address === 'long');
  });

  it('must be there, the scoring script too', () => {
    const found = refusals(() => compileDeployment(folder.read('bad.yml')));
    assert.match(found[0]!, /'model' must be azureml:/);
    assert.match(found[1]!, /no scoring script .*other\.py/);
  });
});
