import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectionTo } from '../../../local/cli/connection.ts';
import { createServerTasks } from '../../../local/runner/index.ts';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';
import { createProject, removeProjects } from '../../local/runner/execute/harness.ts';
import { bash, definition, gates, serverPhase, stage, task } from '../../local/runner/release/definitions.ts';
import { release, type Released } from '../../local/runner/release/harness.ts';
import { clientFor } from '../../shared/delivery/workspace.ts';

type Inputs = Readonly<Record<string, string>>;

describe('Tasks without an agent, against the workspace', () => {
  let workspace: TestWorkspace;
  let client: AzureML;
  const ids = new Map<string, string>();
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    client = clientFor(workspace, 'RegisterModel');
    for (const name of ['ModelGate', 'EndpointGate', 'DriftGate', 'WaitForJob', 'StartJob']) {
      const file = await readFile(path.resolve('build', 'tasks', name, 'task.json'), 'utf8');
      ids.set(name, (JSON.parse(file) as { id: string }).id);
    }
    await client.models.create('m', '1', {
      modelUri: 'azureml://datastores/workspaceblobstore/paths/models/m',
      modelType: 'custom_model',
      tags: {
        'delivery.passed': 'true',
        'delivery.reason': 'It is better.',
        'delivery.metric.rmse': '56.2',
        stage: 'Staging',
        'pipeline.runId': '31',
      },
    });
    await client.assets.arm.put(
      'environments/plain/versions/1',
      {
        properties: {
          image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
          condaFile: 'dependencies: []\n',
        },
      },
      { apiVersion: '2024-10-01' },
    );
  });
  after(async () => {
    await workspace.stop();
    removeProjects();
  });

  const step = (name: string, inputs: Inputs, more: Record<string, unknown> = {}) =>
    task(ids.get(name) ?? '', name, { azureSubscription: 'azureml-local', ...inputs }, more);
  const run = async (environments: Parameters<typeof definition>[0]): Promise<Released> =>
    release(createProject(), definition(environments), {
      connections: [connectionTo(workspace.address)],
      taskFolders: [path.resolve('build', 'tasks')],
      serverTasks: createServerTasks({ ca: [workspace.ca] }),
    });
  /** A release whose one stage is behind a gate that is sampled for an hour. */
  const gated = (name: string, inputs: Inputs): Promise<Released> =>
    run([
      stage('S', [bash('echo through')], {
        preDeploymentGates: gates([step(name, inputs)], { timeout: 60, samplingInterval: 30 }),
      }),
    ]);
  const onServer = (...steps: Record<string, unknown>[]): Promise<Released> =>
    run([stage('S', [], { deployPhases: [serverPhase(steps)] })]);
  const model = { modelName: 'm', modelVersion: '1' };

  for (const [what, inputs] of [
    ['its verdict lets it pass', { condition: 'verdict' }],
    ['a tag has the value', { condition: 'tag', tagName: 'stage', tagValue: 'staging' }],
    [
      'a metric is at most the limit',
      { condition: 'metric', metric: 'rmse', limit: '56.2', comparison: 'ge' },
    ],
    ['an expression holds', { condition: 'expression', expression: "startsWith(root['name'], '1')" }],
  ] as const)
    it(`ModelGate opens when ${what}, and its log holds the sentence of the verdict`, async () => {
      const done = await gated('ModelGate', { ...model, ...inputs });
      assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
      assert.match(done.log('S'), /It is better\./);
      assert.doesNotMatch(done.log('S'), /Bearer/);
    });

  for (const [what, inputs, why] of [
    ['nobody approved it', { condition: 'approval' }, /does not meet not\(isNullOrEmpty/],
    [
      'a metric is above the limit',
      { condition: 'metric', metric: 'rmse', limit: '50', comparison: 'ge' },
      /does not meet/,
    ],
    [
      'a metric is not known',
      { condition: 'metric', metric: 'mae', limit: '50', comparison: 'ge' },
      /does not meet/,
    ],
    ['the version is gone', { modelVersion: '9' }, /404/],
    [
      'its expression does not parse',
      { condition: 'expression', expression: "eq(root['name'], '1'" },
      /expression/,
    ],
    [
      'its expression names what there is not',
      { condition: 'expression', expression: 'eqq(1, 2)' },
      /no function 'eqq'/,
    ],
  ] as const)
    it(`ModelGate stays closed when ${what}, and says why`, async () => {
      const done = await gated('ModelGate', { ...model, ...inputs });
      assert.deepEqual(done.stages(), { S: 'failed' });
      assert.match(done.shown, why);
      assert.doesNotMatch(done.shown, /through/);
    });

  describe('as checks of a YAML environment', () => {
    const check = async (...args: string[]): Promise<{ code: number | null; text: string; words: string }> =>
      new Promise((resolve) => {
        const all = ['bin/azureml-local.mjs', 'check', ...args, '--data', workspace.dataFolder];
        const child = execFile(process.execPath, all, (_error, text, words) =>
          resolve({ code: child.exitCode, text, words }),
        );
      });
    // What a workspace of its own process leaves in its folder.
    before(() =>
      writeFile(path.join(workspace.dataFolder, 'address.json'), JSON.stringify(workspace.address)),
    );
    const input = (inputs: Inputs): string[] =>
      Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);

    it('ask what a gate asks, for the workspace they are meant for, and are tried against the one here', async () => {
      const asked = await check(
        'ModelGate',
        ...input({ ...model, resourceGroup: 'rg-churn', workspace: 'mlw-churn' }),
        ...['--subscription', 's-1'],
      );
      assert.equal(asked.code, 0, asked.words);
      assert.match(
        asked.text,
        /s-1\/resourceGroups\/rg-churn\/.*workspaces\/mlw-churn\/models\/m\/versions\/1\?/,
      );
      assert.match(asked.text, /Tried here: it passes\./);
    });

    it('find the version that the asking run registered, and pass for no other', async () => {
      const ofRun = (run: string) =>
        check('ModelGate', ...input({ modelName: 'm' }), '--variable', `Build.BuildId=${run}`, '--json');
      const [own, other] = [await ofRun('31'), await ofRun('32')];
      const [made] = (JSON.parse(own.text) as { checks: Record<string, object>[] }).checks;
      assert.equal(Reflect.get(made?.['tried'] ?? {}, 'passes'), true, own.text);
      assert.match(JSON.stringify(made?.['configuration']), /"waitForCompletion":"false"/);
      assert.match(own.text, /tags=pipeline\.runId=\$\(Build\.BuildId\)/);
      assert.doesNotMatch(own.text, /Bearer|AccessToken/);
      assert.match(other.text, /"passes": false/);
      const open = await check('ModelGate', ...input({ modelName: 'm' }));
      assert.match(open.text, /\$\(Build\.BuildId\) had no value/);
    });

    it('of an endpoint are two, and neither passes for one that is not there', async () => {
      const asked = await check('EndpointGate', ...input({ endpointName: 'none', deploymentName: 'blue' }));
      assert.match(asked.text, /2 checks; the environment needs all of them/);
      assert.equal(asked.text.match(/it does not pass\. The service answered 404/g)?.length, 2, asked.text);
    });

    it('name what keeps them from being asked', async () => {
      for (const [gate, inputs, why] of [
        ['WaitForJob', { jobName: 'j' }, /There is no gate 'WaitForJob'/],
        ['DriftGate', { plan: 'x' }, /has no input 'plan'[^]*needs the input 'scheduleName'/],
        ['ModelGate', { modelName: 'm', condition: 'tag', tagName: 'a' }, /needs the input 'tagValue'/],
        ['ModelGate', { ...model, condition: 'expression', expression: 'eq(1' }, /'\)' is missing/],
      ] as const) {
        const asked = await check(gate, ...input(inputs));
        assert.equal(asked.code, 1, asked.text);
        assert.match(asked.words, why);
      }
    });
  });

  it('WaitForJob ends with the job it waits for, by the callback, and at once for one that has ended', async () => {
    const submit = (name: string, command: string): Promise<unknown> =>
      client.jobs.put(name, {
        properties: {
          jobType: 'Command',
          experimentName: 'wait',
          command,
          environmentId: `${workspace.id}/environments/plain/versions/1`,
          computeId: `${workspace.id}/computes/cpu-cluster`,
        },
      });
    await submit('fine', 'sleep 2; echo done');
    await submit('broken', 'sleep 2; exit 3');
    const waiting = await onServer(step('WaitForJob', { jobName: 'fine' }, { refName: 'wait' }));
    assert.deepEqual(waiting.stages(), { S: 'succeeded' }, waiting.shown);
    assert.match(waiting.log('S'), /The callback said: succeeded|"status":\s*"Completed"/);
    const failed = await onServer(step('WaitForJob', { jobName: 'broken' }));
    assert.deepEqual(failed.stages(), { S: 'failed' }, failed.shown);
    const again = await onServer(step('WaitForJob', { jobName: 'fine' }));
    assert.deepEqual(again.stages(), { S: 'succeeded' }, again.shown);
    assert.doesNotMatch(again.log('S'), /Waiting for the callback/);
  });

  it('StartJob submits a registered pipeline, and WaitForJob waits for it by its name', async () => {
    await client.assets.arm.put(
      'components/hello/versions/1',
      {
        properties: {
          componentSpec: {
            name: 'hello',
            version: '1',
            type: 'command',
            command: 'echo ${{inputs.word}}',
            inputs: { word: { type: 'string' } },
            environment: `azureml:${workspace.id}/environments/plain/versions/1`,
          },
        },
      },
      { apiVersion: '2024-10-01' },
    );
    await client.assets.arm.put(
      'components/flow/versions/1',
      {
        properties: {
          componentSpec: {
            name: 'flow',
            version: '1',
            type: 'pipeline',
            inputs: { word: { type: 'string' } },
            jobs: {
              say: {
                type: 'command',
                componentId: `${workspace.id}/components/hello/versions/1`,
                inputs: { word: '${{parent.inputs.word}}' },
              },
            },
          },
        },
      },
      { apiVersion: '2024-10-01' },
    );
    const inputs = '{"word": {"jobInputType": "literal", "value": "hello"}}';
    const done = await onServer(
      step(
        'StartJob',
        { componentName: 'flow', componentVersion: '1', compute: 'cpu-cluster', inputs },
        { refName: 'start' },
      ),
      step('WaitForJob', { jobName: '$(start.jobName)' }),
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown + done.log('S'));
  });

  it('StartJob invokes a batch endpoint once, also when it is tried again, and WaitForJob waits for its job', async () => {
    const put = (path: string, properties: object) =>
      workspace.send('PUT', `${workspace.id}/batchEndpoints/${path}?api-version=2024-10-01`, {
        body: { location: workspace.address.location, properties },
      });
    const settled = async (path: string): Promise<void> => {
      for (;;) {
        const { json } = await workspace.send(
          'GET',
          `${workspace.id}/batchEndpoints/${path}?api-version=2024-10-01`,
        );
        if (json.properties.provisioningState === 'Succeeded') return;
      }
    };
    await put('nightly', { authMode: 'AADToken' });
    await settled('nightly');
    const componentId = { referenceType: 'Id', assetId: `${workspace.id}/components/flow/versions/1` };
    const settings = { default_compute: 'cpu-cluster' };
    await put('nightly/deployments/flow', {
      deploymentConfiguration: { deploymentConfigurationType: 'PipelineComponent', componentId, settings },
    });
    await settled('nightly/deployments/flow');
    await put('nightly', { authMode: 'AADToken', defaults: { deploymentName: 'flow' } });
    await settled('nightly');
    const inputs = '{"word": {"JobInputType": "Literal", "Value": "hello"}}';
    const start = (refName: string) =>
      step('StartJob', { start: 'endpoint', endpointName: 'nightly', inputs }, { refName });
    const done = await onServer(
      start('start'),
      start('again'),
      step('WaitForJob', { jobName: '$(again.jobName)' }),
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown + done.log('S'));
    const list = `/mferp/managementfrontend${workspace.id}/batchEndpoints/nightly/jobs?api-version=2020-09-01-dataplanepreview`;
    const { json } = await workspace.send('GET', list);
    assert.equal(json.value.length, 1);
    assert.equal(json.value[0].properties.status, 'Completed');
    assert.match(json.value[0].name, /^ado-/);
  });

  it('StartJob invokes no endpoint of a workspace that is closed to the public network, and shows why', async () => {
    const open = (publicNetworkAccess: string) =>
      workspace.send('PATCH', `${workspace.id}?api-version=2024-10-01`, {
        body: { properties: { publicNetworkAccess } },
      });
    assert.equal((await open('Disabled')).json.properties.publicNetworkAccess, 'Disabled');
    try {
      const done = await onServer(
        step('StartJob', { start: 'endpoint', endpointName: 'none', inputs: '{}' }),
      );
      assert.deepEqual(done.stages(), { S: 'failed' });
      assert.match(done.log('S'), /"publicNetworkAccess": ?"Disabled"/);
      assert.match(done.log('S'), /ne\(root\['properties'\]\['publicNetworkAccess'\], 'Disabled'\)/);
    } finally {
      await open('Enabled');
    }
  });
});
