import assert from 'node:assert/strict';
import { makeRegistry, shareModel } from '../../helpers/registry.ts';
import { startDeployKit, type DeployKit } from './kit.ts';

describe('DeployModel', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  before(async () => {
    kit = await startDeployKit();
  });
  after(() => kit.stop());

  it('rolls out on Kubernetes the same way', async () => {
    const body = { location: 'local', properties: { computeType: 'Kubernetes', properties: {} } };
    await kit.online.done('PUT', '/computes/cluster', body);
    const endpointFile = await kit.write(
      'k8s-endpoint.yml',
      'name: k8s\nauth_mode: key\ncompute: azureml:cluster\n',
    );
    const deploymentFile = await kit.write(
      'k8s-deployment.yml',
      `name: blue
type: kubernetes
endpoint_name: k8s
model: azureml:echo:1
code_configuration: { code: score, scoring_script: score.py }
environment: azureml:scoring:1
instance_count: 1
resources: { requests: { cpu: "0.1", memory: 0.2Gi } }
`,
    );
    const files = { endpointFile, deploymentFile, target: 'kubernetes' };
    await kit.ok(files);
    const run = await kit.ok({ ...files, model: 'echo:2' });
    assert.equal(run.outputs['deploymentName'], 'green');
    assert.deepEqual((await kit.endpoint('k8s'))?.traffic, { green: 100 });
    const mixed = await kit.run({ endpointFile });
    assert.match(mixed.message, /both must be of one kind/);
  });

  it('tests endpoints that take tokens of the directory, or of their own', async () => {
    for (const mode of ['aad_token', 'aml_token']) {
      const name = `by-${mode.replace('_', '-')}`;
      const endpointFile = await kit.write(`${mode}.yml`, `name: ${name}\nauth_mode: ${mode}\n`);
      const run = await kit.ok({ endpointFile });
      assert.match(run.log, /passed {2}echo \(200/);
      assert.deepEqual((await kit.endpoint(name))?.traffic, { blue: 100 });
    }
  });

  it('needs no files at all', async () => {
    const inputs = {
      endpointFile: '',
      deploymentFile: '',
      endpointName: 'inline',
      model: 'echo@latest',
      instanceType: 'Standard_DS2_v2',
      environment: 'azureml:scoring@latest',
      code: `${kit.folder}/score`,
      scoringScript: 'score.py',
      environmentVariables: 'COLOUR=pink',
    };
    const run = await kit.ok(inputs);
    assert.deepEqual((await kit.endpoint('inline'))?.deployments, { blue: 'echo:3 Succeeded' });
    assert.doesNotMatch(run.log, /pink/);
    const answer = await kit.online.score('inline', {});
    assert.equal(answer.json.from, 'pink');
    assert.equal((await kit.ok(inputs)).outputs['deploymentName'], 'blue');
  });

  it('rolls out a model that a registry has', async () => {
    const registry = await makeRegistry(kit.workspace, 'shared');
    await shareModel(kit.workspace, registry, { name: 'echo', version: '1' });
    const endpointFile = await kit.write('from-registry.yml', 'name: from-registry\nauth_mode: key\n');
    const model = 'azureml://registries/shared/models/echo/versions/1';
    await kit.ok({ endpointFile, model });
    assert.deepEqual((await kit.endpoint('from-registry'))?.deployments, { blue: 'echo:1 Succeeded' });
    const answer = await kit.online.score('from-registry', {});
    assert.equal(answer.json.model, 'a model');
  });
});
