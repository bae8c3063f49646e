import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { ClientSecretCredential } from '@azure/identity';
import assert from 'node:assert/strict';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

describe('@azure/arm-machinelearning', () => {
  let workspace: TestWorkspace;
  let client: AzureMachineLearningWorkspaces;
  let scope: readonly [string, string];

  before(async () => {
    workspace = await startTestWorkspace();
    const { apiUrl, tenantId, clientId, clientSecret, subscriptionId, resourceGroup, workspaceName } =
      workspace.address;
    const tlsOptions = { ca: workspace.ca };
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: apiUrl,
      disableInstanceDiscovery: true,
      tlsOptions,
    });
    client = new AzureMachineLearningWorkspaces(credential, subscriptionId, { endpoint: apiUrl, tlsOptions });
    scope = [resourceGroup, workspaceName];
  });
  after(() => workspace.stop());

  it('finds the workspace by name, by group and by subscription', async () => {
    const one = await client.workspaces.get(...scope);
    assert.equal(one.id, workspace.id);
    assert.equal(one.provisioningState, 'Succeeded');
    assert.deepEqual(await names(client.workspaces.listBySubscription()), [scope[1]]);
    assert.deepEqual(await names(client.workspaces.listByResourceGroup(scope[0])), [scope[1]]);
  });

  it('registers a model, reads it back, lists over pages and archives it', async () => {
    for (let version = 1; version <= 120; version += 1) {
      await client.modelVersions.createOrUpdate(...scope, 'sdk-model', String(version), {
        properties: {
          modelUri: `azureml://datastores/workspaceblobstore/paths/m/${version}`,
          modelType: 'custom_model',
        },
      });
    }
    const container = await client.modelContainers.get(...scope, 'sdk-model');
    assert.equal(container.properties.nextVersion, '121');
    const listed = await names(client.modelVersions.list(...scope, 'sdk-model'));
    assert.equal(new Set(listed).size, 120);
    const some = await names(
      client.modelVersions.list(...scope, 'sdk-model', { top: 3, orderBy: 'createdtime asc' }),
    );
    assert.deepEqual(some, ['1', '2', '3']);
    const got = await client.modelVersions.get(...scope, 'sdk-model', '5');
    await client.modelVersions.createOrUpdate(...scope, 'sdk-model', '5', {
      properties: { ...got.properties, isArchived: true },
    });
    assert.equal((await names(client.modelVersions.list(...scope, 'sdk-model'))).length, 119);
    await client.modelVersions.delete(...scope, 'sdk-model', '6');
    await assert.rejects(client.modelVersions.get(...scope, 'sdk-model', '6'), {
      statusCode: 404,
      code: 'UserError',
    });
  });

  it('keeps environments, data, code, components and datastores', async () => {
    await client.environmentVersions.createOrUpdate(...scope, 'env', '1', {
      properties: { image: 'python:3.12', condaFile: 'name: x' },
    });
    assert.equal(
      (await client.environmentVersions.get(...scope, 'env', '1')).properties.environmentType,
      'UserCreated',
    );
    await client.dataVersions.createOrUpdate(...scope, 'data', '1', {
      properties: { dataType: 'uri_file', dataUri: 'azureml://datastores/workspaceblobstore/paths/d.csv' },
    });
    assert.equal((await client.dataVersions.get(...scope, 'data', '1')).properties.dataType, 'uri_file');
    assert.equal((await client.dataContainers.get(...scope, 'data')).properties.dataType, 'uri_file');
    await client.codeVersions.createOrUpdate(...scope, 'code', '1', {
      properties: { codeUri: 'https://a/b' },
    });
    assert.equal((await client.codeVersions.get(...scope, 'code', '1')).properties.codeUri, 'https://a/b');
    await client.componentVersions.createOrUpdate(...scope, 'step', '1', {
      properties: { componentSpec: { type: 'command' } },
    });
    assert.deepEqual((await client.componentVersions.get(...scope, 'step', '1')).properties.componentSpec, {
      type: 'command',
    });
    const secrets = await client.datastores.listSecrets(...scope, 'workspaceblobstore');
    assert.equal(secrets.secretsType, 'AccountKey');
  });

  it('makes and deletes a cluster, waiting for the operations', async () => {
    const made = await client.computeOperations.beginCreateOrUpdateAndWait(...scope, 'sdk-cluster', {
      location: 'local',
      properties: {
        computeType: 'AmlCompute',
        properties: { vmSize: 'STANDARD_D2_V2', scaleSettings: { minNodeCount: 0, maxNodeCount: 1 } },
      },
    });
    assert.equal(made.properties?.provisioningState, 'Succeeded');
    await client.computeOperations.beginDeleteAndWait(...scope, 'sdk-cluster', 'Delete');
    await assert.rejects(client.computeOperations.get(...scope, 'sdk-cluster'), { statusCode: 404 });
  });
});

async function names(list: AsyncIterable<{ name?: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const one of list) found.push(one.name ?? '');
  return found;
}
