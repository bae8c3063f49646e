import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { STAGING_FOLDER } from '../../../shared/delivery/download/names.ts';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { CONNECTION, runTask, type TaskOptions, type TaskRun } from '../../helpers/taskProcess.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';
import { clientFor } from '../../shared/delivery/workspace.ts';

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const MEBIBYTE = 1024 ** 2;

describe('DownloadModel', () => {
  let workspace: TestWorkspace;
  let client: AzureML;
  let folder: string;
  const large = randomBytes(20 * MEBIBYTE + 17);
  let count = 0;
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    client = clientFor(workspace, 'DownloadModel');
    folder = await mkdtemp(path.join(os.tmpdir(), 'download-'));
    await register('risk', { 'sub/model.bin': large, README: 'card', 'empty.txt': '' });
  });
  after(async () => {
    await workspace.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const target = (): string => path.join(folder, `target-${(count += 1)}`);
  const run = (
    inputs: Readonly<Record<string, string>>,
    options: Partial<TaskOptions> = {},
  ): Promise<TaskRun> =>
    runTask('DownloadModel', workspace, {
      ...options,
      inputs: { connection: CONNECTION, definition: 'risk', version: '1', ...inputs },
    });

  async function register(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const source = path.join(folder, 'sources', name);
    for (const [file, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(source, file)), { recursive: true });
      await writeFile(path.join(source, file), content);
    }
    const done = await runTask('RegisterModel', workspace, { inputs: { source, modelName: name } });
    assert.equal(done.result, 'Succeeded', done.message);
  }

  async function ok(
    inputs: Readonly<Record<string, string>>,
    options?: Partial<TaskOptions>,
  ): Promise<TaskRun> {
    const done = await run(inputs, options);
    assert.equal(done.result, 'Succeeded', [done.message, ...done.errors, done.log].join('\n'));
    return done;
  }

  const filesIn = async (root: string): Promise<string[]> =>
    (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort();

  it('brings every file, compared with the evidence, and says where it is', async () => {
    const downloadPath = target();
    const done = await ok({ downloadPath });
    assert.deepEqual(await filesIn(downloadPath), ['README', 'empty.txt', 'sub/model.bin']);
    assert.equal(sha256(await readFile(path.join(downloadPath, 'sub/model.bin'))), sha256(large));
    assert.equal(done.message, 'Model risk:1 is downloaded: 3 files, every byte as it was registered.');
    assert.equal(done.outputs['modelVersion'], '1');
    assert.equal(done.outputs['modelPath'], downloadPath);
    assert.equal(done.outputs['verified'], 'true');
    assert.match(done.outputs['evidenceHash'] ?? '', /^[0-9a-f]{64}$/);
  });

  it('takes latest as the version that was registered last', async () => {
    for (const version of ['2', '1']) {
      const place = { datastore: 'workspaceblobstore', path: `models/twice/${version}` };
      await client.blobs.write({ ...place, path: `${place.path}/a` }, Buffer.from(version), 'text/plain');
      const modelUri = `azureml://datastores/workspaceblobstore/paths/${place.path}`;
      await client.models.create('twice', version, { modelUri, modelType: 'custom_model' });
    }
    const downloadPath = target();
    const done = await ok({ definition: 'twice', version: 'latest', downloadPath });
    assert.equal(done.outputs['modelVersion'], '1');
    assert.equal(await readFile(path.join(downloadPath, 'a'), 'utf8'), '1');
  });

  it('brings only what the patterns name', async () => {
    const downloadPath = target();
    const done = await ok({ downloadPath, itemPattern: '**\n!sub/**\n!*.txt' });
    assert.deepEqual(await filesIn(downloadPath), ['README']);
    assert.equal(done.outputs['verified'], 'true');
    const none = await run({ downloadPath, itemPattern: '*.onnx' });
    assert.match(
      none.message,
      /input 'itemPattern': No file of model risk:1 fits '\*\.onnx'; it has 'README'/,
    );
  });

  it('leaves what is there as it is, and mends what is not', async () => {
    const downloadPath = target();
    await ok({ downloadPath });
    const kept = path.join(downloadPath, 'sub/model.bin');
    const before = await lstat(kept);
    await writeFile(path.join(downloadPath, 'README'), 'spoilt');
    await ok({ downloadPath });
    assert.equal((await lstat(kept)).ino, before.ino);
    assert.equal(await readFile(path.join(downloadPath, 'README'), 'utf8'), 'card');
  });

  it('goes on after its process was ended', async () => {
    const downloadPath = target();
    const end = new AbortController();
    const staging = path.join(downloadPath, STAGING_FOLDER);
    const watch = setInterval(() => {
      void readdir(staging).then(
        (names) => names.length > 0 && end.abort(),
        () => undefined,
      );
    }, 2);
    await run({ downloadPath }, { killSignal: end.signal });
    clearInterval(watch);
    await ok({ downloadPath });
    assert.equal(sha256(await readFile(path.join(downloadPath, 'sub/model.bin'))), sha256(large));
    assert.deepEqual(await filesIn(downloadPath), ['README', 'empty.txt', 'sub/model.bin']);
  });

  it('ends at once when the pipeline is cancelled, and keeps what it has for the next run', async () => {
    const downloadPath = target();
    const cancel = new AbortController();
    const onOutput = (text: string): void => {
      if (text.includes('/models/risk/')) cancel.abort();
    };
    const done = await run({ downloadPath }, { abortSignal: cancel.signal, onOutput });
    if (done.result !== 'Succeeded') assert.match(done.message, /cancelled/);
    await ok({ downloadPath });
  });

  describe('when the storage is not as it was registered', () => {
    const put = (file: string, content: string): Promise<void> =>
      client.blobs.write({ datastore: 'workspaceblobstore', path: file }, Buffer.from(content), 'text/plain');

    async function registerStored(name: string): Promise<void> {
      await put(`models/${name}/a.bin`, 'a');
      await put(`models/${name}/b.bin`, 'b');
      const source = `azureml://datastores/workspaceblobstore/paths/models/${name}`;
      const done = await runTask('RegisterModel', workspace, { inputs: { source, modelName: name } });
      assert.equal(done.result, 'Succeeded', done.message);
    }

    it('names files that are missing, unknown, or of another size, and writes nothing', async () => {
      await registerStored('moved');
      const container = await client.datastores.open('workspaceblobstore');
      await container.deleteBlob('models/moved/a.bin');
      await put('models/moved/b.bin', 'longer');
      await put('models/moved/c.bin', 'c');
      const downloadPath = target();
      const done = await run({ definition: 'moved', downloadPath });
      assert.equal(done.result, 'Failed');
      assert.match(
        done.message,
        /'a\.bin' is missing, 'c\.bin' is not in the evidence, 'b\.bin' has 6 bytes instead of 1\.\nNext:/,
      );
      assert.deepEqual(await readdir(downloadPath).catch(() => []), []);
    });

    it('never puts other bytes into the folder', async () => {
      await registerStored('changed');
      await put('models/changed/b.bin', 'x');
      const downloadPath = target();
      const done = await run({ definition: 'changed', downloadPath });
      assert.match(done.message, /The storage holds other bytes than were registered: 'b\.bin'\./);
      assert.deepEqual(await filesIn(downloadPath), ['a.bin']);
    });

    it('compares the whole with the model version where its evidence cannot be read', async () => {
      await registerStored('orphan');
      const { properties } = (await client.models.get('orphan', '1'))!;
      const container = await client.datastores.open('workspaceblobstore');
      await container.deleteBlob(`evidence/${properties['delivery.evidenceHash']}.json`);
      const done = await ok({ definition: 'orphan', downloadPath: target() });
      assert.equal(done.outputs['verified'], 'true');
      assert.equal(done.outputs['evidenceHash'], undefined);
      await put('models/orphan/b.bin', 'x');
      const changed = await run({ definition: 'orphan', downloadPath: target() });
      assert.match(changed.message, /the hash over all its files is another one/);
    });

    it('downloads a model without evidence with a warning, or not at all', async () => {
      await put('models/plain/a.bin', 'a');
      const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/plain';
      await client.models.create('plain', '7', { modelUri, modelType: 'custom_model' });
      const done = await ok({ definition: 'plain', version: '7', downloadPath: target() });
      assert.match(done.warnings.join(), /bytes of model plain:7 cannot be verified: it has no evidence/);
      assert.equal(done.outputs['verified'], 'false');
      const downloadPath = target();
      const refused = await run({ definition: 'plain', version: '7', downloadPath, requireEvidence: 'true' });
      assert.match(refused.message, /input 'requireEvidence': .*it has no evidence/);
      assert.deepEqual(await readdir(downloadPath).catch(() => []), []);
    });

    it('stops at stored names that lead out of the folder, and at links that do', async () => {
      await put('models/evil//a.bin', 'a');
      const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/evil';
      await client.models.create('evil', '1', { modelUri, modelType: 'custom_model' });
      const done = await run({ definition: 'evil', downloadPath: target() });
      assert.match(done.message, /stored name '\/a\.bin' cannot be a file below the download folder/);
      const [downloadPath, outside] = [target(), target()];
      await mkdir(outside);
      await mkdir(downloadPath);
      await symlink(outside, path.join(downloadPath, 'sub'));
      const linked = await run({ downloadPath });
      assert.match(linked.message, /sub' is a link, and a folder of the download would lie there/);
      assert.deepEqual(await readdir(outside), []);
    });
  });

  describe('when something is not there', () => {
    it('names the version that was deleted, and the newest one', async () => {
      const done = await run({ version: '9', downloadPath: target() });
      assert.match(
        done.message,
        /input 'version': Model 'risk' has no version '9'; it was deleted, or never there\. The newest is 1\./,
      );
    });

    it('names the model that was deleted, and files that were', async () => {
      const done = await run({ definition: 'nothing', version: 'latest', downloadPath: target() });
      assert.match(done.message, /input 'definition': The workspace '.+' has no model 'nothing'/);
      const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/never';
      await client.models.create('hollow', '1', { modelUri, modelType: 'custom_model' });
      const hollow = await run({ definition: 'hollow', downloadPath: target() });
      assert.match(hollow.message, /Model hollow:1 has no files any more at azureml:/);
    });

    it('names every input', async () => {
      const done = await run({ definition: '', version: '', requireEvidence: 'perhaps' });
      assert.match(done.message, /input 'version'[^]*input 'definition'[^]*input 'requireEvidence'/);
    });

    it('names the artifact that a release does not have, whose variables the service leaves as they are written', async () => {
      const done = await run({ definition: '$(Release.Artifacts.model.DefinitionName)', version: '1' });
      assert.match(
        done.message,
        /'\$\(Release\.Artifacts\.model\.DefinitionName\)' is no variable of this release/,
      );
    });
  });

  it('takes a broken connection up again', async () => {
    const gate = await startFaultGate(workspace);
    let faults = 0;
    gate.decide = ({ path: at }) =>
      at.includes('/models/') && (faults += 1) === 1 ? { kind: 'drop' } : undefined;
    try {
      await ok({ downloadPath: target() }, { connection: { url: gate.url } });
      assert(faults > 1);
    } finally {
      await gate.stop();
    }
  });
});
