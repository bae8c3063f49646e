import type { AzureMachineLearningWorkspaces, OnlineDeployment } from '@azure/arm-machinelearning';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import assert from 'node:assert/strict';
import { all, type Life } from './life.ts';

/** Of one workspace, with what its items' ids begin with. */
interface Ground {
  readonly client: AzureMachineLearningWorkspaces;
  readonly where: readonly [group: string, workspace: string];
  readonly workspaceId: string;
  readonly accountUrl: string;
}

const fast = { updateIntervalInMs: 200 };
const SCORE = `
def init():
    print("the script is ready")

def run(body):
    return body
`;

/** One deployment below an endpoint that is there: made, read, scaled and deleted. */
export async function onlineDeployments(life: Life, ground: Ground, endpoint: string): Promise<void> {
  const group = ground.client.onlineDeployments;
  const at = [...ground.where, endpoint, 'blue'] as const;
  const step = (name: string, action: () => Promise<unknown>) => life.step('onlineDeployments', name, action);
  const deployment = await deploymentIn(ground);
  await step('beginCreateOrUpdateAndWait', async () => {
    const made = await group.beginCreateOrUpdateAndWait(...at, deployment, fast);
    assert.equal(made.properties.provisioningState, 'Succeeded');
  });
  await step('get', async () => assert.equal((await group.get(...at)).sku?.capacity, 1));
  await step('list', async () => assert.equal((await all(group.list(...ground.where, endpoint))).length, 1));
  await step('listSkus', async () => assert((await all(group.listSkus(...at))).length > 0));
  await step('beginUpdateAndWait', async () => {
    await group.beginUpdateAndWait(...at, { tags: { a: 'b' } }, fast);
    assert.equal((await group.get(...at)).tags?.['a'], 'b');
  });
  await step('getLogs', async () => {
    const { content } = await group.getLogs(...at, { tail: 1000 });
    assert.match(content ?? '', /the script is ready/);
  });
  await step('beginDeleteAndWait', () => group.beginDeleteAndWait(...at, fast));
}

/** A script and an environment with the inference server alone. */
async function deploymentIn(ground: Ground): Promise<OnlineDeployment> {
  const { client, where, workspaceId } = ground;
  await client.codeVersions.createOrUpdate(...where, 'js-score', '1', {
    properties: { codeUri: await uploaded(ground) },
  });
  const condaFile = JSON.stringify({
    name: 'scoring',
    dependencies: ['python=3.11', 'pip', { pip: ['azureml-inference-server-http==1.5.1'] }],
  });
  await client.environmentVersions.createOrUpdate(...where, 'js-scoring', '1', {
    properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04', condaFile },
  });
  return {
    location: 'local',
    sku: { name: 'Default', capacity: 1 },
    properties: {
      endpointComputeType: 'Managed',
      instanceType: 'Standard_DS3_v2',
      environmentId: `${workspaceId}/environments/js-scoring/versions/1`,
      codeConfiguration: { codeId: `${workspaceId}/codes/js-score/versions/1`, scoringScript: 'score.py' },
    },
  };
}

/** The address of a folder with the script, in the workspace's own datastore. */
async function uploaded({ client, where, accountUrl }: Ground): Promise<string> {
  const { properties } = await client.datastores.get(...where, 'workspaceblobstore');
  const secrets = await client.datastores.listSecrets(...where, 'workspaceblobstore');
  assert(properties.datastoreType === 'AzureBlob' && 'key' in secrets);
  const { accountName = '', containerName = '' } = properties as {
    accountName?: string;
    containerName?: string;
  };
  const key = new StorageSharedKeyCredential(accountName, String(secrets.key));
  const container = new BlobServiceClient(accountUrl, key).getContainerClient(containerName);
  await container.getBlockBlobClient('js-score/score.py').upload(SCORE, SCORE.length);
  return `${container.url}/js-score`;
}
