import { AnonymousCredential, ContainerClient } from '@azure/storage-blob';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { checkFunctionAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';

describe('Code assets', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  const url = (path: string, query = '') => `${workspace.id}/codes/${path}?${VERSION}${query}`;
  const startUpload = async (name: string) =>
    (
      await workspace.send('POST', url(`${name}/versions/1/startPendingUpload`), {
        body: { pendingUploadType: 'TemporaryBlobReference' },
      })
    ).json;
  const found = async (hash: string) =>
    (await workspace.send('GET', url(`${randomUUID()}/versions`, `&hash=${hash}&hashVersion=202208`))).json
      .value;
  const upload = async (sasUri: string, path: string) => {
    const options = { agent: new https.Agent({ ca: workspace.ca }), retryOptions: { maxTries: 1 } };
    await new ContainerClient(sasUri, new AnonymousCredential(), options)
      .getBlockBlobClient(path)
      .uploadData(Buffer.from('print(1)'));
  };
  const register = (name: string, blobUri: string, hash: string) =>
    workspace.send('PUT', url(`${name}/versions/1`), {
      body: {
        properties: {
          codeUri: `${blobUri}/src`,
          isAnonymous: true,
          properties: { hash_sha256: hash, hash_version: '202208' },
        },
      },
    });

  it('are uploaded to a container of their own and found again by their hash from any name', async () => {
    const name = randomUUID();
    const pending = await startUpload(name);
    assert.deepEqual(checkFunctionAnswer('codes/versions', 'startPendingUpload', pending), []);
    const { blobUri, credential } = pending.blobReferenceForConsumption;
    assert.deepEqual(await found('h1'), []);
    await upload(credential.sasUri, 'src/train.py');
    const made = await register(name, blobUri, 'h1');
    assert.equal(made.status, 201, made.text);
    const again = await found('h1');
    assert.deepEqual(again, [made.json]);
    assert.deepEqual(await found('h2'), []);
  });

  it('whose bytes are not there are not offered to a client that would then upload nothing', async () => {
    const name = randomUUID();
    const pending = await startUpload(name);
    await register(name, pending.blobReferenceForConsumption.blobUri, 'h3');
    assert.deepEqual(await found('h3'), []);
  });

  it('get a new container for every upload, also of the same name', async () => {
    const [one, other] = [await startUpload('same'), await startUpload('same')];
    assert.notEqual(one.blobReferenceForConsumption.blobUri, other.blobReferenceForConsumption.blobUri);
  });

  it('are not uploaded by a principal that may only read', async () => {
    const token = await workspace.token('reader');
    const answer = await workspace.send('POST', url('x/versions/1/startPendingUpload'), { token, body: {} });
    assert.equal(answer.status, 403);
    assert.match(answer.json.error.message, /codes\/versions\/startPendingUpload\/action/);
  });
});
