import assert from 'node:assert/strict';
import { checkAnswer, checkFunctionAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startReceiver } from '../eventSubscriptions/receiver.ts';
import { until } from '../jobs/lab.ts';
import { ECHO_SCRIPT, startOnlineKit, type OnlineKit } from './kit.ts';

const BLUE = { 'azureml-model-deployment': 'blue' };

describe('online deployments', () => {
  let kit: OnlineKit;
  before(async () => {
    kit = await startOnlineKit();
    await kit.endpoint('main');
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: { restartBackoffInMs: 50 } });
  });
  after(() => kit.workspace.stop());

  it('run their script with model, code and variables, are created with no traffic, and are told of', async () => {
    const receiver = await startReceiver();
    const subscription = '/providers/Microsoft.EventGrid/eventSubscriptions/deployed';
    const filter = { includedEventTypes: ['Microsoft.MachineLearningServices.ModelDeployed'] };
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: `${receiver.url}/` } };
    await kit.arm('PUT', subscription, { properties: { destination, filter } });
    const { answer, operation } = await kit.deployment('main', 'blue', {
      properties: {
        dataCollector: {
          collections: {
            model_inputs: { dataCollectionMode: 'Enabled' },
            model_outputs: { dataCollectionMode: 'Disabled' },
          },
        },
      },
    });
    assert.equal(answer.status, 201);
    assert.equal(operation.status, 'Succeeded', operation.error?.message);
    const { json } = await kit.arm('GET', '/onlineEndpoints/main/deployments/blue');
    assert.deepEqual(checkAnswer('onlineEndpoints/deployments', json), []);
    assert.deepEqual([json.properties.provisioningState, json.sku.capacity], ['Succeeded', 1]);
    const scored = await kit.score('main', { x: 1 }, BLUE);
    assert.equal(scored.status, 200);
    assert.deepEqual({ ...scored.json, pid: 0 }, { from: 'blue', model: 'a model', pid: 0, data: { x: 1 } });
    assert.equal((await kit.score('main', {})).status, 404);
    await until(() => receiver.events('/').length === 1, 'the event');
    const [{ body }] = receiver.events('/') as any; // eslint-disable-line @typescript-eslint/no-explicit-any
    assert.equal(body[0].subject, 'endpoints/main');
    const { ServiceName, ServiceComputeType, ModelIds } = body[0].data;
    assert.deepEqual([ServiceName, ServiceComputeType, ModelIds], ['main', 'Managed', 'echo:1']);
    await kit.arm('DELETE', subscription);
    await receiver.close();
  });

  it('show both of their logs', async () => {
    const { json } = await kit.arm('POST', '/onlineEndpoints/main/deployments/blue/getLogs', {
      containerType: 'InferenceServer',
      tail: 3,
    });
    assert.deepEqual(checkFunctionAnswer('onlineEndpoints/deployments', 'getLogs', json), []);
    assert.match(json.content, /UserContainerStart: Succeeded[^]*Container logs:\n(.*\n){3}$/);
    const body = { containerType: 'storageInitializer' };
    const initializer = await kit.arm('POST', '/onlineEndpoints/main/deployments/blue/getLogs', body);
    assert.match(
      initializer.json.content,
      /Downloaded model echo:1: 1 file\n.*Nothing is collected .* model_inputs stays empty\.\n.*\n.*Downloaded code: 1 file/,
    );
  });

  it('keep their processes when only tags change, and show their SKU', async () => {
    const before = (await kit.score('main', {}, BLUE)).json.pid;
    const { operation } = await kit.done('PATCH', '/onlineEndpoints/main/deployments/blue', {
      tags: { a: 'b' },
    });
    assert.equal(operation.status, 'Succeeded');
    assert.equal((await kit.score('main', {}, BLUE)).json.pid, before);
    const { json } = await kit.arm('GET', '/onlineEndpoints/main/deployments/blue/skus');
    assert.equal(json.value[0].capacity.maximum, 50);
  });

  it('get more instances without a restart, and fewer again', async () => {
    const before = (await kit.score('main', {}, BLUE)).json.pid;
    await kit.done('PATCH', '/onlineEndpoints/main/deployments/blue', {
      sku: { name: 'Default', capacity: 2 },
    });
    const both = await Promise.all([1, 2].map(() => kit.score('main', { sleep: 0.5 }, BLUE)));
    assert.equal(new Set(both.map(({ json }) => json.pid)).size, 2);
    assert.ok(both.some(({ json }) => json.pid === before));
    await kit.done('PATCH', '/onlineEndpoints/main/deployments/blue', {
      sku: { name: 'Default', capacity: 1 },
    });
    assert.equal((await kit.score('main', {}, BLUE)).json.pid, before);
    assert.equal((await kit.arm('GET', '/onlineEndpoints/main/deployments/blue')).json.sku.capacity, 1);
  });

  it('answer without a gap while they are updated', async () => {
    await kit.traffic('main', { blue: 100 });
    let over = false;
    const update = kit.deployment('main', 'blue', {
      properties: { environmentVariables: { COLOUR: 'navy' } },
    });
    void update.finally(() => (over = true));
    const statuses = new Set<number>();
    while (!over) statuses.add((await kit.score('main', {})).status);
    assert.deepEqual([...statuses], [200]);
    assert.equal((await update).answer.status, 200);
    assert.equal((await kit.score('main', {})).json.from, 'navy');
  });

  it('go on with what they had when an update cannot start', async () => {
    const { operation } = await kit.deployment('main', 'blue', {
      script: 'def init():\n    raise ValueError("no model")\n\ndef run(x):\n    pass\n',
    });
    assert.equal(operation.status, 'Failed');
    const { json } = await kit.arm('GET', '/onlineEndpoints/main/deployments/blue');
    assert.equal(json.properties.provisioningState, 'Failed');
    assert.equal((await kit.score('main', {})).json.from, 'navy');
    assert.equal((await kit.deployment('main', 'blue')).operation.status, 'Succeeded');
  });

  it('cannot be deleted while they take traffic', async () => {
    const refused = await kit.arm('DELETE', '/onlineEndpoints/main/deployments/blue');
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /gets 100 percent of the endpoint's traffic/);
    await kit.traffic('main', {});
    const { answer, operation } = await kit.done('DELETE', '/onlineEndpoints/main/deployments/blue');
    assert.deepEqual([answer.status, operation.status], [202, 'Succeeded']);
    assert.equal((await kit.arm('GET', '/onlineEndpoints/main/deployments/blue')).status, 404);
    assert.equal((await kit.score('main', {}, BLUE)).status, 404);
  });

  it('fail with the cause when init() raises, and are lost when that was their creation', async () => {
    const script = 'def init():\n    raise ValueError("no weights")\n\ndef run(x):\n    pass\n';
    const { answer, operation } = await kit.deployment('main', 'broken', { script });
    assert.equal(answer.status, 201);
    assert.equal(operation.status, 'Failed');
    assert.equal(operation.error.code, 'ResourceNotReady');
    assert.match(
      operation.error.message,
      /User container has crashed or terminated: init\(\).*ValueError: no weights/,
    );
    const { json } = await kit.arm('POST', '/onlineEndpoints/main/deployments/broken/getLogs', { tail: 100 });
    assert.match(json.content, /UserContainerStart: Failed[^]*BackOff[^]*ValueError: no weights/);
    const again = await kit.deployment('main', 'broken');
    assert.equal(again.answer.status, 400);
    assert.match(again.answer.json.error.message, /unrecoverable state/);
    assert.equal(
      (await kit.done('DELETE', '/onlineEndpoints/main/deployments/broken')).operation.status,
      'Succeeded',
    );
  });

  it('fail when the scoring script is not in the code', async () => {
    const body = (await kit.body('lost')) as { properties: { codeConfiguration: { scoringScript: string } } };
    body.properties.codeConfiguration.scoringScript = 'src/score.py';
    const { operation } = await kit.done('PUT', '/onlineEndpoints/main/deployments/lost', body);
    assert.equal(operation.error.code, 'BadArgument');
    assert.match(operation.error.message, /'src\/score.py' is not among the 1 files of the code folder/);
    await kit.done('DELETE', '/onlineEndpoints/main/deployments/lost');
  });

  it('refuse a second operation while one is under way', async () => {
    const first = kit.deployment('main', 'busy');
    while ((await kit.arm('GET', '/onlineEndpoints/main/deployments/busy')).status === 404);
    const conflicting = await kit.deployment('main', 'busy');
    assert.equal(conflicting.answer.status, 409);
    assert.match(conflicting.answer.json.error.message, /already an operation in progress/);
    assert.equal((await kit.arm('DELETE', '/onlineEndpoints/main')).status, 409);
    assert.equal((await first).operation.status, 'Succeeded');
    await kit.done('DELETE', '/onlineEndpoints/main/deployments/busy');
  });

  for (const [what, properties, status, message] of [
    ['model', { model: 'azureml:nothing:1' }, 400, /The model 'nothing:1' was not found/],
    ['environment', { environmentId: 'azureml:nothing:7' }, 400, /environment 'nothing:7' was not found/],
    [
      'code',
      { codeConfiguration: { codeId: 'azureml:nothing:1', scoringScript: 'score.py' } },
      400,
      /code 'nothing:1' was not found/,
    ],
    ['instance type', { instanceType: 'huge' }, 400, /request is invalid/],
    ['compute type', { endpointComputeType: 'Kubernetes' }, 400, /takes Managed deployments/],
  ] as const) {
    it(`refuse an unknown ${what} before anything is created`, async () => {
      const { answer } = await kit.deployment('main', 'unknown', { properties });
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.json.error.message, message);
      assert.equal((await kit.arm('GET', '/onlineEndpoints/main/deployments/unknown')).status, 404);
    });
  }

  it('refuse more cores than there are', async () => {
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: { coreLimit: 6 } });
    const { answer } = await kit.deployment('main', 'large', {
      properties: { instanceType: 'Standard_DS3_v2' },
    });
    assert.equal(answer.status, 400);
    const [detail, plain] = answer.json.error.details;
    assert.equal(detail.code, 'InferencingClientCreateDeploymentFailed');
    assert.match(
      detail.message,
      /"VmSize":\["Not enough quota available for Standard_DS3_v2\. Current usage\/limit: 0\/6\. Additional needed: 8/,
    );
    assert.equal(plain.code, 'OutOfQuota');
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: { restartBackoffInMs: 50 } });
  });

  it('on Kubernetes run like the others, and name failures as Kubernetes does', async () => {
    await kit.done('PUT', '/computes/k8s', {
      location: 'local',
      properties: { computeType: 'Kubernetes', properties: {} },
    });
    await kit.endpoint('cluster', { compute: `${kit.workspace.id}/computes/k8s` });
    const properties = {
      endpointComputeType: 'Kubernetes',
      instanceType: null,
      containerResourceRequirements: { containerResourceRequests: { cpu: '0.1', memory: '0.2Gi' } },
    };
    const { operation } = await kit.deployment('cluster', 'blue', { properties });
    assert.equal(operation.status, 'Succeeded', operation.error?.message);
    const { json } = await kit.arm('GET', '/onlineEndpoints/cluster/deployments/blue');
    assert.deepEqual(checkAnswer('onlineEndpoints/deployments', json), []);
    assert.equal((await kit.score('cluster', {}, BLUE)).status, 200);
    const script = `import no_such_module\n${ECHO_SCRIPT}`;
    const broken = await kit.deployment('cluster', 'green', { properties, script });
    assert.equal(broken.operation.error.code, 'UserScriptImportError');
    const { operation: deleted } = await kit.done('DELETE', '/onlineEndpoints/cluster');
    assert.equal(deleted.status, 'Succeeded');
    assert.equal((await kit.arm('GET', '/onlineEndpoints/cluster/deployments')).status, 404);
  });
});
