import assert from 'node:assert/strict';
import { connect, type AzureML } from '../../../shared/azureml/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { startTestWorkspace } from '../../helpers/workspace.ts';

type TestWorkspace = Awaited<ReturnType<typeof startTestWorkspace>>;

function clientFor(
  { address }: TestWorkspace,
  change: { clientId?: string; secret?: string; workspaceName?: string } = {},
): AzureML {
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: address.apiUrl,
      authorityUrl: address.apiUrl,
      signIn: {
        scheme: 'secret',
        tenantId: address.tenantId,
        clientId: change.clientId ?? address.clientId,
        secret: change.secret ?? address.clientSecret,
      },
    },
    scope: {
      subscriptionId: address.subscriptionId,
      resourceGroup: address.resourceGroup,
      workspaceName: change.workspaceName ?? address.workspaceName,
    },
    network: { tls: { caFile: address.caFile } },
    userAgent: 'azureml-delivery-test/1',
  });
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert(error instanceof Problem, String(error));
  return error;
}

describe('The Azure ML client', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
  });
  after(() => workspace.stop());

  it('signs in and reads its workspace and data plane', async () => {
    const client = clientFor(workspace);
    const found = await client.workspace.get();
    assert.equal(found.name, workspace.address.workspaceName);
    assert.match(await client.workspace.dataPlaneUrl(), /^https:\/\/localhost:\d+$/);
  });

  it('writes, lists, reads and streams blobs of a datastore', async () => {
    const { blobs } = clientFor(workspace);
    const place = { datastore: 'workspaceblobstore', path: 'client-test/folder/a.txt' };
    await blobs.write(place, Buffer.from('hello'), 'text/plain');
    assert.equal((await blobs.read(place))?.toString(), 'hello');
    const listed = [];
    for await (const file of blobs.list({ ...place, path: 'client-test' }))
      listed.push([file.path, file.sizeInBytes]);
    assert.deepEqual(listed, [['folder/a.txt', 5]]);
    assert.equal(await blobs.read({ ...place, path: 'client-test/none' }), undefined);
  });

  it('says in words what a wrong secret, a missing right and a wrong workspace are', async () => {
    const refused = await problemOf(clientFor(workspace, { secret: 'wrong' }).workspace.get());
    assert.equal(refused.code, 'sign-in');
    assert.match(refused.reply?.code ?? '', /AADSTS7000215/);

    const { clientId, clientSecret } = workspace.address.reader;
    const reader = clientFor(workspace, { clientId, secret: clientSecret });
    const forbidden = await problemOf(
      reader.models.create('m', '1', { modelUri: 'azureml://datastores/workspaceblobstore/paths/x' }),
    );
    assert.equal(forbidden.code, 'forbidden');
    assert.match(forbidden.next ?? '', /workspaces\/models\/versions\/write/);

    const missing = await problemOf(clientFor(workspace, { workspaceName: 'nowhere' }).workspace.get());
    assert.equal(missing.code, 'not-found');
    assert.match(missing.message, /nowhere/);
    assert(missing.reply?.requestId);
  });

  it('creates model versions, numbers them and finds the newest', async () => {
    const { models } = clientFor(workspace);
    const modelUri = 'azureml://datastores/workspaceblobstore/paths/m';
    assert.equal(await models.nextVersion('numbered'), '1');
    await models.create('numbered', '1', { modelUri, modelType: 'custom_model', properties: { a: '1' } });
    assert.equal(await models.nextVersion('numbered'), '2');
    await models.create('numbered', '2', { modelUri, modelType: 'custom_model', properties: { a: '2' } });
    assert.equal((await models.latest('numbered'))?.version, '2');
    assert.equal((await models.get('numbered', '1'))?.properties['a'], '1');
    assert.equal(await models.get('numbered', '3'), undefined);
  });
});
