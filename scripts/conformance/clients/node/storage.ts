/** `@azure/identity` and `@azure/storage-blob`: every way to sign in, and blobs by key, by signature and under the account's own name. */
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import {
  AnonymousCredential,
  BlobServiceClient,
  ContainerClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import assert from 'node:assert/strict';
import { all, Life } from './life.ts';

const variable = (name: string): string => process.env[name] ?? '';
const api = variable('AZURE_RESOURCE_MANAGER_URL');
const scope = `${api}/.default`;
const [group, workspace] = [variable('AZURE_RESOURCE_GROUP'), variable('AZUREML_WORKSPACE')];

await identity();
await storage();

async function identity(): Promise<void> {
  const life = new Life('@azure/identity');
  await life.step('credentials', 'DefaultAzureCredential', () =>
    new DefaultAzureCredential().getToken(scope),
  );
  await life.step('credentials', 'ManagedIdentityCredential', () =>
    new ManagedIdentityCredential().getToken(scope),
  );
  const [tenant, clientId, secret] = ['TENANT', 'CLIENT', 'SECRET'].map((name) => variable(`LIFE_${name}`));
  const options = { authorityHost: api, disableInstanceDiscovery: true };
  await life.step('credentials', 'ClientSecretCredential', () =>
    new ClientSecretCredential(tenant ?? '', clientId ?? '', secret ?? '', options).getToken(scope),
  );
  await life.step(
    'credentials',
    'ClientSecretCredential (wrong secret)',
    () => new ClientSecretCredential(tenant ?? '', clientId ?? '', 'wrong', options).getToken(scope),
    { refused: 'the secret is wrong' },
  );
}

async function storage(): Promise<void> {
  const life = new Life('@azure/storage-blob');
  const arm = new AzureMachineLearningWorkspaces(
    new DefaultAzureCredential(),
    variable('AZURE_SUBSCRIPTION_ID'),
    {
      endpoint: api,
    },
  );
  const { properties } = await arm.datastores.get(group, workspace, 'workspaceblobstore');
  const secrets = await arm.datastores.listSecrets(group, workspace, 'workspaceblobstore');
  assert(properties.datastoreType === 'AzureBlob' && 'key' in secrets);
  const { accountName = '', containerName = '' } = properties as {
    accountName?: string;
    containerName?: string;
  };
  const key = new StorageSharedKeyCredential(accountName, String(secrets.key));
  const service = new BlobServiceClient(variable('AZURE_STORAGE_ACCOUNT_URL'), key);
  const container = service.getContainerClient(containerName);
  await life.step('service', 'listContainers', () => all(service.listContainers()));
  await life.step('container', 'getProperties', () => container.getProperties());
  const blob = container.getBlockBlobClient('life/a b.txt');
  await life.step('blob', 'upload', () => blob.upload('hello', 5));
  await life.step('blob', 'setMetadata', () => blob.setMetadata({ upload: 'completed' }));
  await life.step('blob', 'getProperties', async () =>
    assert.equal((await blob.getProperties()).metadata?.['upload'], 'completed'),
  );
  await life.step('blob', 'downloadToBuffer', async () =>
    assert.equal(String(await blob.downloadToBuffer()), 'hello'),
  );
  await life.step('blob', 'download (a range)', async () =>
    assert.equal((await blob.download(1, 3)).contentLength, 3),
  );
  const big = Buffer.alloc(12 * 1024 * 1024, 1);
  await life.step('blob', 'uploadData (in blocks)', () =>
    container
      .getBlockBlobClient('life/big')
      .uploadData(big, { blockSize: 4 * 1024 * 1024, maxSingleShotSize: 1024 * 1024 }),
  );
  await life.step('container', 'listBlobsFlat', async () =>
    assert.equal((await all(container.listBlobsFlat({ prefix: 'life/', includeMetadata: true }))).length, 2),
  );
  await life.step('container', 'listBlobsByHierarchy', () => all(container.listBlobsByHierarchy('/')));
  await life.step('blob', 'generateSasUrl', async () => {
    const { BlobSASPermissions } = await import('@azure/storage-blob');
    const url = await blob.generateSasUrl({
      permissions: BlobSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 60_000),
    });
    const { BlobClient } = await import('@azure/storage-blob');
    assert.equal(String(await new BlobClient(url).downloadToBuffer()), 'hello');
  });
  await life.step(
    'container',
    'listBlobsFlat (without a signature)',
    () => all(new ContainerClient(container.url, new AnonymousCredential()).listBlobsFlat()),
    { refused: 'storage asks for a key or a signature' },
  );
  await life.step(
    'service',
    'listContainers (with a token)',
    () =>
      all(
        new BlobServiceClient(
          variable('AZURE_STORAGE_ACCOUNT_URL'),
          new DefaultAzureCredential(),
        ).listContainers(),
      ),
    { refused: 'storage asks for a key or a signature' },
  );
  await life.step('blob', 'delete', () => blob.delete());
}
