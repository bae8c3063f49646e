import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packExtension, type Extension } from './extension.ts';

const TASKS = [
  'DeployModel',
  'DownloadModel',
  'DriftGate',
  'EndpointGate',
  'EvaluateModel',
  'ModelGate',
  'RegisterModel',
  'StartJob',
  'TrainModel',
  'WaitForJob',
];

interface TaskFile {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
}

type Contracts = Readonly<Record<string, { readonly id: string; readonly scopes: readonly string[] }>>;

async function recorded(): Promise<Contracts> {
  return JSON.parse(await readFile('tasks/contracts.json', 'utf8')) as Contracts;
}

describe('The packed extension', () => {
  let extension: Extension;

  before(async () => {
    extension = await packExtension();
  });

  after(() => extension.remove());

  it('is named after publisher, id and version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    assert.equal(extension.fileName, `azureml-delivery.azureml-delivery-${version}.vsix`);
  });

  it('is at most 6 MB', () => {
    assert.ok(extension.sizeInBytes <= 6 * 1024 * 1024, `${extension.sizeInBytes} bytes`);
  });

  it('is packed without a warning', () => {
    assert.doesNotMatch(extension.said, /warn/i);
  });

  it('carries the recorded contributions, ids and scopes', async () => {
    const contracts = await recorded();
    assert.deepEqual(extension.manifest.scopes, contracts['extension']!.scopes);
    const { contributions } = extension.manifest;
    const tasks = contributions.filter(({ type }) => type === 'ms.vss-distributed-task.task');
    assert.deepEqual(tasks.map(({ properties }) => properties.name).sort(), TASKS);
    assert.deepEqual(contributions.map(({ id }) => id).sort(), [
      'deploy-model-task',
      'download-model-task',
      'drift-gate-task',
      'endpoint-gate-task',
      'evaluate-model-task',
      'model-artifact-type',
      'model-gate-task',
      'register-model-task',
      'registry-model-artifact-type',
      'start-job-task',
      'train-model-task',
      'wait-for-job-task',
    ]);
    for (const name of TASKS) {
      const task = await extension.json<TaskFile>(`${name}/task.json`);
      assert.equal(task.id, contracts[`${name}@${task.version.Major}`]!.id);
    }
  });

  it('is for Azure DevOps Services and for Server', () => {
    assert.match(extension.vsixManifest, /InstallationTarget Id="Microsoft\.VisualStudio\.Services\.Cloud"/);
    assert.match(extension.vsixManifest, /InstallationTarget Id="Microsoft\.TeamFoundation\.Server"/);
  });

  it('has a support link, the licence and its page', async () => {
    assert.match(extension.vsixManifest, /Links\.Support/);
    assert.match(await readFile(path.join(extension.folder, 'LICENSE'), 'utf8'), /^MIT License/);
    assert.match(await readFile(path.join(extension.folder, 'overview.md'), 'utf8'), /^# /);
  });

  it('has the pictures its page shows', async () => {
    const page = await readFile(path.join(extension.folder, 'overview.md'), 'utf8');
    const pictures = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file!);
    assert.ok(pictures.length > 0);
    for (const file of pictures)
      assert.ok((await sizeOfPng(path.join(extension.folder, file))).width >= 600, file);
  });

  it('has icons of the sizes that are shown', async () => {
    const icon = await sizeOfPng(path.join(extension.folder, 'images/extension-icon.png'));
    assert.ok(icon.width === icon.height && icon.width >= 128);
    for (const name of TASKS)
      assert.deepEqual(await sizeOfPng(path.join(extension.folder, name, 'icon.png')), {
        width: 32,
        height: 32,
      });
  });

  it('names the licence of every package inside', async () => {
    const notices = await readFile(path.join(extension.folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['azure-pipelines-task-lib', '@azure/identity', '@azure/storage-blob', 'yaml'])
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\S+\\)$`, 'm'));
    assert.doesNotMatch(notices, /\(see below\)/);
  });

  it('holds nothing in a task folder but what a task needs', async () => {
    for (const name of TASKS) {
      const files = (await readdir(path.join(extension.folder, name))).sort();
      const code = /Gate$|Job$/.test(name) ? [] : ['index.js', 'package.json'];
      assert.deepEqual(files, ['icon.png', 'icon.svg', ...code, 'task.json']);
    }
  });
});

describe('The development variant', () => {
  let extension: Extension;

  before(async () => {
    extension = await packExtension('--dev', '--publisher', 'somebody');
  });

  after(() => extension.remove());

  it('has another id, another name and the given publisher, and is private', () => {
    assert.match(extension.fileName, /^somebody\.azureml-delivery-dev-/);
    assert.match(extension.vsixManifest, /Publisher="somebody"/);
    assert.match(extension.vsixManifest, /<DisplayName>[^<]+ \(dev\)<\/DisplayName>/);
    assert.doesNotMatch(extension.vsixManifest, /<GalleryFlags>[^<]*\bPublic\b/);
  });

  it('has tasks with ids of their own, so that both can be installed', async () => {
    const contracts = await recorded();
    const taken = Object.values(contracts).map(({ id }) => id);
    const tasks = await Promise.all(TASKS.map((name) => extension.json<TaskFile>(`${name}/task.json`)));
    for (const { id, friendlyName } of tasks) {
      assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.ok(!taken.includes(id));
      assert.match(friendlyName, /\(dev\)$/);
    }
    assert.equal(new Set(tasks.map(({ id }) => id)).size, TASKS.length);
    const download = tasks.find(({ name }) => name === 'DownloadModel');
    const named = extension.manifest.contributions.flatMap(
      ({ properties }) => properties.downloadTaskId ?? [],
    );
    assert.deepEqual([...new Set(named)], [download?.id]);
  });
});

/** From the header of a PNG file; throws for anything else. */
async function sizeOfPng(file: string): Promise<{ width: number; height: number }> {
  const bytes = await readFile(file);
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n', `${file} is no PNG`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
