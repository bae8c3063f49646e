import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AzureML, BlobFile, Blobs } from '../../../shared/azureml/index.ts';
import { downloadFiles } from '../../../shared/delivery/download/files.ts';
import { requireSafeNames, STAGING_FOLDER } from '../../../shared/delivery/download/names.ts';
import { listFiles } from '../../../shared/delivery/downloads.ts';
import { clientFor, startTestWorkspace, type TestWorkspace } from './workspace.ts';

describe('Stored names', () => {
  const refused = (names: readonly string[], platform: NodeJS.Platform): boolean => {
    try {
      requireSafeNames(names, platform);
      return false;
    } catch {
      return true;
    }
  };

  it('are refused when they lead out of the folder', () => {
    for (const name of [
      '../a',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      './a',
      'a\\..\\b',
      'a\u0000',
      `${STAGING_FOLDER}/a`,
    ])
      assert(refused([name], 'linux'), name);
    for (const name of ['C:/a', 'a:stream', 'con', 'sub/NUL.txt', 'a.', 'a ']) {
      assert(refused([name], 'win32'), name);
      assert(!refused([name], 'linux'), name);
    }
    assert(!refused(['a/b.bin', 'a/..b', 'ü/1'], 'linux'));
  });

  it('are refused when two of them would be one file', () => {
    assert(refused(['a', 'a/b'], 'linux'));
    assert(refused(['A', 'a'], 'win32'));
    assert(refused(['A/x', 'a'], 'darwin'));
    assert(!refused(['A', 'a'], 'linux'));
  });
});

describe('A download', () => {
  const bytes = randomBytes(33 * 1024 ** 2 + 5);
  const hash = createHash('sha256').update(bytes).digest('hex');
  let workspace: TestWorkspace;
  let client: AzureML;
  let folder: string;
  let files: readonly BlobFile[];
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    client = clientFor(workspace, 'download');
    folder = await mkdtemp(path.join(os.tmpdir(), 'download-'));
    const place = { datastore: 'workspaceblobstore', path: 'large' };
    await client.blobs.write({ ...place, path: 'large/model.bin' }, bytes, 'application/octet-stream');
    files = await listFiles(client.blobs, place, { abortSignal: new AbortController().signal });
  });
  after(async () => {
    await workspace.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The client's own reading, which counts, and fails once so many parts have come. */
  function counted(most = Infinity): Blobs & { readonly parts: () => number } {
    let parts = 0;
    return {
      ...client.blobs,
      parts: () => parts,
      async fill(...part) {
        if (parts >= most) throw new Error('The line is dead.');
        parts += 1;
        await client.blobs.fill(...part);
      },
    };
  }
  const setting = (blobs: Blobs) => ({
    blobs,
    abortSignal: new AbortController().signal,
    expected: () => hash,
  });

  it('that broke off goes on with the parts that are missing', async () => {
    const target = path.join(folder, 'broken');
    await assert.rejects(downloadFiles(files, target, setting(counted(3))), /The line is dead/);
    assert.deepEqual(await readdir(target), [STAGING_FOLDER]);
    const rest = counted();
    const [file] = await downloadFiles(files, target, setting(rest));
    assert.equal(rest.parts(), 2);
    assert.equal(file?.sha256, hash);
    assert(bytes.equals(await readFile(path.join(target, 'model.bin'))));
    assert.deepEqual(await readdir(target), ['model.bin']);
  });

  it('whose parts were spoilt meanwhile starts anew', async () => {
    const target = path.join(folder, 'spoilt');
    await assert.rejects(downloadFiles(files, target, setting(counted(3))));
    const staging = path.join(target, STAGING_FOLDER);
    const staged = (await readdir(staging)).find((name) => !name.endsWith('.blocks'))!;
    await writeFile(path.join(staging, staged), Buffer.alloc(bytes.length));
    const rest = counted();
    await downloadFiles(files, target, setting(rest));
    assert.equal(rest.parts(), 2 + 5);
    assert(bytes.equals(await readFile(path.join(target, 'model.bin'))));
  });

  it('names a file that is changed while it is read', async () => {
    const [file] = files;
    const stale = [{ ...file!, etag: '"0x1"' }];
    await assert.rejects(
      downloadFiles(stale, path.join(folder, 'stale'), setting(client.blobs)),
      /large\/model\.bin was changed or deleted while it was being read/,
    );
  });
});
