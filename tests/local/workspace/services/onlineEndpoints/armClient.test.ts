import assert from 'node:assert/strict';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { startOnlineKit, type OnlineKit } from './kit.ts';

describe('the published ARM client with online endpoints', () => {
  let kit: OnlineKit;
  let client: AzureMachineLearningWorkspaces;
  let where: [resourceGroup: string, workspace: string];
  const fast = { updateIntervalInMs: 50 };
  before(async () => {
    kit = await startOnlineKit();
    const { address, ca } = kit.workspace;
    where = [address.resourceGroup, address.workspaceName];
    client = new AzureMachineLearningWorkspaces(
      {
        getToken: async () => ({
          token: await kit.workspace.token(),
          expiresOnTimestamp: Date.now() + 3_600_000,
        }),
      },
      address.subscriptionId,
      { endpoint: address.apiUrl, tlsOptions: { ca }, retryOptions: { maxRetries: 0 } },
    );
  });
  after(() => kit.workspace.stop());

  it('lives a whole life: create, deploy, shift traffic, read logs, delete', async () => {
    const body = { location: 'local', identity: { type: 'SystemAssigned' }, properties: { authMode: 'Key' } };
    const created = await client.onlineEndpoints.beginCreateOrUpdateAndWait(...where, 'sdk-made', body, fast);
    assert.equal(created.properties.provisioningState, 'Succeeded');
    // The client's type has no null members, the bodies of the tests have none either.
    const definition = (await kit.body('blue')) as Parameters<
      typeof client.onlineDeployments.beginCreateOrUpdateAndWait
    >[4];
    const deployed = await client.onlineDeployments.beginCreateOrUpdateAndWait(
      ...where,
      'sdk-made',
      'blue',
      definition,
      fast,
    );
    assert.equal(deployed.properties.endpointComputeType, 'Managed');
    assert.equal(deployed.sku?.capacity, 1);

    created.properties.traffic = { blue: 100 };
    await client.onlineEndpoints.beginCreateOrUpdateAndWait(...where, 'sdk-made', created, fast);
    assert.equal((await kit.score('sdk-made', {})).status, 200);
    const keys = await client.onlineEndpoints.listKeys(...where, 'sdk-made');
    await client.onlineEndpoints.beginRegenerateKeysAndWait(
      ...where,
      'sdk-made',
      { keyType: 'Secondary' },
      fast,
    );
    assert.notEqual(
      (await client.onlineEndpoints.listKeys(...where, 'sdk-made')).secondaryKey,
      keys.secondaryKey,
    );
    const logs = await client.onlineDeployments.getLogs(...where, 'sdk-made', 'blue', { tail: 10 });
    assert.match(logs.content ?? '', /Container logs/);

    const names = [];
    for await (const deployment of client.onlineDeployments.list(...where, 'sdk-made'))
      names.push(deployment.name);
    assert.deepEqual(names, ['blue']);
    await assert.rejects(
      client.onlineDeployments.beginDeleteAndWait(...where, 'sdk-made', 'blue', fast),
      /gets 100 percent/,
    );
    await client.onlineEndpoints.beginDeleteAndWait(...where, 'sdk-made', fast);
    await assert.rejects(client.onlineEndpoints.get(...where, 'sdk-made'), { statusCode: 404 });
  });

  it('is told why a deployment failed', async () => {
    const body = { location: 'local', identity: { type: 'SystemAssigned' }, properties: { authMode: 'Key' } };
    await client.onlineEndpoints.beginCreateOrUpdateAndWait(...where, 'sdk-fails', body, fast);
    const script = 'def init():\n    raise RuntimeError("out of luck")\n\ndef run(x):\n    pass\n';
    const definition = (await kit.body('blue', { script })) as Parameters<
      typeof client.onlineDeployments.beginCreateOrUpdateAndWait
    >[4];
    const failing = client.onlineDeployments.beginCreateOrUpdateAndWait(
      ...where,
      'sdk-fails',
      'blue',
      definition,
      fast,
    );
    await assert.rejects(failing, /RuntimeError: out of luck/);
  });
});
