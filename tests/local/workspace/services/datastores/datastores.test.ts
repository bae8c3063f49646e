import { AnonymousCredential, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import assert from 'node:assert/strict';
import dns from 'node:dns';
import https from 'node:https';
import { checkAnswer, checkFunctionAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';

describe('Datastores', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  const url = (path = '', query = '') => `${workspace.id}/datastores${path}?${VERSION}${query}`;
  const get = (path = '', query = '') => workspace.send('GET', url(path, query));

  it('are the four of every workspace, with one default, and show no secret', async () => {
    const { json } = await get();
    assert.deepEqual(
      json.value.map((one: { name: string }) => one.name),
      ['workspaceartifactstore', 'workspaceblobstore', 'workspacefilestore', 'workspaceworkingdirectory'],
    );
    for (const one of json.value) assert.deepEqual(checkAnswer('datastores', one), []);
    const defaults = await get('', '&isDefault=true&count=30&orderByAsc=false');
    assert.deepEqual(
      defaults.json.value.map((one: { name: string }) => one.name),
      ['workspaceblobstore'],
    );
  });

  it('open with the key, at the account name below localhost, as clients build it', async () => {
    await workspace.storageReady;
    const { properties } = (await get('/workspaceblobstore')).json;
    const secrets = (await workspace.send('POST', url('/workspaceblobstore/listSecrets'))).json;
    assert.deepEqual(checkFunctionAnswer('datastores', 'listSecrets', secrets), []);
    const host = `${properties.accountName}.blob.${properties.endpoint}`;
    const credential = new StorageSharedKeyCredential(properties.accountName, secrets.key);
    const container = open(`https://${host}/${properties.containerName}`, credential);
    await container.getBlockBlobClient('LocalUpload/a b/ü.txt').uploadData(Buffer.from('one'));
    const text = await container.getBlobClient('LocalUpload/a b/ü.txt').downloadToBuffer();
    assert.equal(text.toString(), 'one');
  });

  it('open with a signature that expires, for clients that ask for one', async () => {
    await workspace.storageReady;
    const { properties } = (await get('/workspaceblobstore')).json;
    const body = { expirableSecret: true, expireAfterHours: 1 };
    const secrets = (await workspace.send('POST', url('/workspaceblobstore/listSecrets'), { body })).json;
    assert.equal(secrets.secretsType, 'Sas');
    const container = open(
      `${workspace.address.blobUrl}/${properties.containerName}?${secrets.sasToken}`,
      new AnonymousCredential(),
    );
    await container.getBlockBlobClient('ExperimentRun/dcid.a/x').uploadData(Buffer.from('two'));
    const names: string[] = [];
    for await (const blob of container.listBlobsFlat({ prefix: 'ExperimentRun/' })) names.push(blob.name);
    assert.deepEqual(names, ['ExperimentRun/dcid.a/x']);
  });

  it('keep the key of the artifact store, with which azure-ai-ml signs the addresses of logs', async () => {
    const body = { expirableSecret: true, expireAfterHours: 1 };
    const secrets = (await workspace.send('POST', url('/workspaceartifactstore/listSecrets'), { body })).json;
    assert.equal(secrets.secretsType, 'AccountKey');
  });

  it('refuse storage without a signature', async () => {
    await workspace.storageReady;
    const { properties } = (await get('/workspaceblobstore')).json;
    const container = open(
      `${workspace.address.blobUrl}/${properties.containerName}`,
      new AnonymousCredential(),
    );
    await assert.rejects(container.getBlobClient('x').download(), { statusCode: 403 });
    await assert.rejects(container.getBlockBlobClient('x').uploadData(Buffer.from('')), { statusCode: 403 });
  });

  it('are added with secrets that only listSecrets shows', async () => {
    const properties = {
      datastoreType: 'AzureBlob',
      accountName: 'other',
      containerName: 'things',
      credentials: { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key: 'c2VjcmV0' } },
    };
    const made = await workspace.send('PUT', url('/mine'), { body: { properties } });
    assert.equal(made.status, 201);
    assert.deepEqual(checkAnswer('datastores', made.json), []);
    assert.doesNotMatch((await get('/mine')).text, /c2VjcmV0/);
    const secrets = await workspace.send('POST', url('/mine/listSecrets'));
    assert.deepEqual(secrets.json, { secretsType: 'AccountKey', key: 'c2VjcmV0' });
    assert.equal((await workspace.send('DELETE', url('/mine'))).status, 200);
    assert.equal((await get('/mine')).status, 404);
  });

  it('of the workspace cannot be changed or deleted', async () => {
    assert.equal((await workspace.send('DELETE', url('/workspaceblobstore'))).status, 400);
    assert.equal(
      (await workspace.send('PUT', url('/workspaceblobstore'), { body: { properties: {} } })).status,
      400,
    );
  });

  it('without credentials have no secrets, and unknown kinds are refused', async () => {
    const properties = {
      datastoreType: 'AzureBlob',
      accountName: 'a',
      containerName: 'c',
      credentials: { credentialsType: 'None' },
    };
    await workspace.send('PUT', url('/open'), { body: { properties } });
    assert.equal((await workspace.send('POST', url('/open/listSecrets'))).status, 400);
    const strange = { ...properties, datastoreType: 'Floppy' };
    const refused = await workspace.send('PUT', url('/strange'), { body: { properties: strange } });
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /datastoreType/);
  });

  function open(
    address: string,
    credential: StorageSharedKeyCredential | AnonymousCredential,
  ): ContainerClient {
    const agent = new https.Agent({
      ca: workspace.ca,
      lookup: (name, options, callback) =>
        dns.lookup(name.endsWith('.localhost') ? 'localhost' : name, options, callback),
    });
    const options = { agent, retryOptions: { maxTries: 1 } };
    return new ContainerClient(address, credential, options);
  }
});
