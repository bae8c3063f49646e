import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  digestFiles,
  findMissing,
  resolveAssets,
  uploadModel,
  type AssetServices,
  type FileDigest,
  type UploadProgress,
} from '../../../../shared/azureml/assets/index.ts';
import { connect } from '../../../../shared/azureml/index.ts';
import {
  compileJob,
  documentOf,
  type JobCompilation,
  type Warning,
} from '../../../../shared/azureml/yaml/index.ts';
import { Problem } from '../../../../shared/problem/index.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../helpers/workspace.ts';
import { codeFolder, testFolder, type TestFolder } from './codeFolder.ts';

interface Recorded {
  readonly services: AssetServices;
  readonly calls: string[];
  readonly progress: UploadProgress[];
}

/** The real client against the embedded workspace, with its calls written down (uuids as `*`). */
function recorded({ address }: TestWorkspace): Recorded {
  const { assets } = connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: address.apiUrl,
      authorityUrl: address.apiUrl,
      signIn: {
        scheme: 'secret',
        tenantId: address.tenantId,
        clientId: address.clientId,
        secret: address.clientSecret,
      },
    },
    scope: address,
    network: { tls: { caFile: address.caFile } },
    userAgent: 'assets-test/1',
  });
  const calls: string[] = [];
  const progress: UploadProgress[] = [];
  const note = (method: string, path: string) =>
    calls.push(
      `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}/g, '*').replace(/[0-9a-f]{64}/g, '#')}`,
    );
  const { arm } = assets;
  const services: AssetServices = {
    ...assets,
    arm: {
      get: (path, options) => (note('GET', path), arm.get(path, options)),
      put: (path, body, options) => (note('PUT', path), arm.put(path, body, options)),
      post: (path, body, options) => (note('POST', path), arm.post(path, body, options)),
    },
    onProgress: (step) => progress.push(step),
  };
  return { services, calls, progress };
}

function job(folder: TestFolder, values: Record<string, unknown>): JobCompilation {
  const environment = { image: 'mcr.microsoft.com/x:1' };
  return compileJob(documentOf({ command: 'python a.py', environment, ...values }, { folder: folder.root }));
}

describe('sending what a job needs', () => {
  let workspace: TestWorkspace;
  let folder: TestFolder;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
  });
  after(() => workspace.stop());
  beforeEach(async () => (folder = await codeFolder()));
  afterEach(() => folder.remove());

  const list = async ({ services }: Recorded, prefix: string): Promise<string[]> => {
    const names: string[] = [];
    const container = await services.openDatastore('workspaceblobstore');
    for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
    return names;
  };

  it('sends code once: the second time the same bytes are only looked up', async () => {
    await folder.write('code/unique.txt', randomBytes(8).toString('hex'));
    const first = recorded(workspace);
    const one = await resolveAssets(job(folder, { code: 'code' }), first.services);
    assert.deepEqual(first.calls, [
      'GET codes/*/versions',
      'POST codes/*/versions/1/startPendingUpload',
      'PUT codes/*/versions/1',
      'PUT environments/CliV2AnonymousEnvironment/versions/#',
    ]);
    assert.equal(first.progress.at(-1)?.activity, 'done');
    assert.equal(first.progress.at(-1)?.bytesDone, first.progress.at(-1)?.bytesTotal);

    const second = recorded(workspace);
    const two = await resolveAssets(job(folder, { code: 'code' }), second.services);
    assert.deepEqual(second.calls, [
      'GET codes/*/versions',
      'PUT environments/CliV2AnonymousEnvironment/versions/#',
    ]);
    assert.deepEqual(
      second.progress.filter(({ activity }) => activity === 'sending'),
      [],
    );
    assert.deepEqual(two.body, one.body);
    assert.match(
      JSON.stringify(one.body),
      /"codeId":"\/subscriptions\/[^"]+\/codes\/[0-9a-f-]{36}\/versions\/1"/,
    );
  });

  it('gives the code version the address of the folder and the hash it is found by', async () => {
    const { services } = recorded(workspace);
    await folder.write('code/unique.txt', randomBytes(8).toString('hex'));
    const { body } = await resolveAssets(job(folder, { code: 'code' }), services);
    const { codeId } = body['properties'] as { codeId: string };
    const { properties } = (await workspace.send('GET', `${codeId}?api-version=2025-12-01`)).json;
    assert.match(properties.codeUri, /^https?:\/\/.+\/code$/);
    assert.equal(properties.properties.hash_version, '202208');
    assert.match(properties.properties.hash_sha256, /^[0-9a-f]{64}$/);
  });

  it('warns about links, naming them', async () => {
    const warnings: Warning[] = [];
    const onWarning = (warning: Warning) => warnings.push(warning);
    await resolveAssets(job(folder, { code: 'code' }), recorded(workspace).services, { onWarning });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!.message, /link\.txt, linked/);
  });

  it('refuses code over the limit before anything is sent, naming the largest file', async () => {
    await folder.write('code/big.bin', Buffer.alloc(2000));
    const { services, calls } = recorded(workspace);
    const work = resolveAssets(job(folder, { code: 'code' }), services, { codeLimitInBytes: 1000 });
    await assert.rejects(
      work,
      (error) => error instanceof Problem && /largest is big\.bin/.test(error.message),
    );
    assert.deepEqual(calls, []);
  });

  it('puts local data under its hash in the datastore and gives its address, a folder with a slash', async () => {
    await folder.write('data/rows.csv', 'a,b\n1,2\n');
    const run = recorded(workspace);
    const inputs = {
      all: { type: 'uri_folder', path: 'data' },
      one: { type: 'uri_file', path: 'data/rows.csv' },
    };
    const { body } = await resolveAssets(job(folder, { inputs }), run.services);
    const sent = (body['properties'] as { inputs: Record<string, { uri: string }> }).inputs;
    const base = 'azureml://datastores/workspaceblobstore/paths/';
    assert.match(sent['all']!.uri, /^azureml:.*\/paths\/LocalUpload\/[0-9a-f]{64}\/data\/$/);
    assert.match(sent['one']!.uri, /^azureml:.*\/paths\/LocalUpload\/[0-9a-f]{64}\/rows\.csv$/);
    assert.deepEqual(await list(run, sent['all']!.uri.slice(base.length)), [
      `${sent['all']!.uri.slice(base.length)}rows.csv`,
    ]);

    const again = recorded(workspace);
    await resolveAssets(job(folder, { inputs }), again.services);
    assert.deepEqual([...new Set(again.progress.map(({ activity }) => activity))].sort(), [
      'hashing',
      'unchanged',
    ]);
  });

  it('completes an upload that was cut off half way', async () => {
    const content = randomBytes(8).toString('hex');
    await folder.write('data/a.csv', content);
    await folder.write('data/b.csv', content);
    const run = recorded(workspace);
    const compiled = job(folder, { inputs: { d: { type: 'uri_folder', path: 'data' } } });
    const { body } = await resolveAssets(compiled, run.services);
    const { uri } = (body['properties'] as { inputs: { d: { uri: string } } }).inputs.d;
    const prefix = uri.slice(uri.indexOf('LocalUpload'));
    const container = await run.services.openDatastore('workspaceblobstore');
    await container.getBlobClient(`${prefix}a.csv`).delete();
    const again = await resolveAssets(compiled, recorded(workspace).services);
    assert.deepEqual(again.body, body);
    assert.deepEqual(await list(run, prefix), [`${prefix}a.csv`, `${prefix}b.csv`]);
    const mark = await container.getBlobClient(`${prefix}a.csv`).getProperties();
    assert.equal(mark.metadata?.['upload_status'], 'completed');
  });

  it('sends large files in blocks, with the MD5 of the whole on the blob', async () => {
    const bytes = randomBytes(21 * 1024 * 1024);
    await folder.write('data/large.bin', bytes);
    const run = recorded(workspace);
    const inputs = { d: { type: 'uri_file', path: 'data/large.bin' } };
    const { body } = await resolveAssets(job(folder, { inputs }), run.services);
    const { uri } = (body['properties'] as { inputs: { d: { uri: string } } }).inputs.d;
    const container = await run.services.openDatastore('workspaceblobstore');
    const found = await container.getBlobClient(uri.slice(uri.indexOf('LocalUpload'))).getProperties();
    assert.equal(found.contentLength, bytes.byteLength);
    assert.deepEqual(Buffer.from(found.contentMD5!), createHash('md5').update(bytes).digest());
    assert.ok(run.progress.filter(({ activity }) => activity === 'sending').length > 2);
  });

  it('resolves @latest to the version created last, and names what is not there', async () => {
    const version = '?api-version=2025-12-01';
    for (const [number, image] of [
      ['9', 'a'],
      ['2', 'b'],
    ]) {
      const body = { properties: { image } };
      await workspace.send('PUT', `${workspace.id}/environments/ages/versions/${number}${version}`, { body });
    }
    const { body } = await resolveAssets(
      job(folder, { environment: 'azureml:ages@latest' }),
      recorded(workspace).services,
    );
    assert.match(
      (body['properties'] as { environmentId: string }).environmentId,
      /environments\/ages\/versions\/2$/,
    );
    const work = resolveAssets(
      job(folder, { environment: 'azureml:nobody@latest' }),
      recorded(workspace).services,
    );
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'not-found');
      assert.deepEqual(error.place, { input: 'environment' });
      return /no environment 'nobody'/.test(error.message);
    });
  });

  it('tells afterwards which names of a file the workspace does not have', async () => {
    const values = {
      environment: 'azureml:gone:3',
      compute: 'azureml:nowhere',
      inputs: { d: { path: 'azureml:rows:1' } },
    };
    const missing = await findMissing(job(folder, values), recorded(workspace).services);
    assert.deepEqual(missing.map(({ message, place }) => [message, place?.input]).sort(), [
      ["There is no compute 'nowhere' in the workspace.", 'compute'],
      ["There is no data asset 'rows:1' in the workspace.", 'inputs'],
      ["There is no environment 'gone:3' in the workspace.", 'environment'],
    ]);
  });

  it('stops when it is told to', async () => {
    const work = resolveAssets(job(folder, { code: 'code' }), recorded(workspace).services, {
      abortSignal: AbortSignal.abort(),
    });
    await assert.rejects(work, { name: 'AbortError' });
  });
});

describe('sending a model', () => {
  let workspace: TestWorkspace;
  let folder: TestFolder;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    folder = await testFolder();
    await folder.write('model/MLmodel', 'flavors: {}\n');
    await folder.write('model/data/model.pkl', randomBytes(3 * 1024 * 1024));
  });
  after(async () => {
    await workspace.stop();
    await folder.remove();
  });

  it('reports the SHA-256 of every file and gives the long address of the folder', async () => {
    const files: FileDigest[] = [];
    const options = { path: folder.at('model'), onFile: (file: FileDigest) => files.push(file) };
    const sent = await uploadModel(options, recorded(workspace).services);
    assert.match(
      sent.modelUri,
      /^azureml:\/\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/workspaces\/[^/]+\/datastores\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{64}\/model$/,
    );
    assert.deepEqual(
      sent.files.map(({ path }) => path),
      ['MLmodel', 'data/model.pkl'],
    );
    assert.deepEqual(files, sent.files);
    assert.equal(sent.files[0]!.sha256, createHash('sha256').update('flavors: {}\n').digest('hex'));
  });

  it('digests without sending come out the same', async () => {
    const sent = await uploadModel({ path: folder.at('model') }, recorded(workspace).services);
    assert.deepEqual(await digestFiles(folder.at('model')), sent.files);
  });
});
