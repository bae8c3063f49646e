import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CONNECTION, runTask, type TaskRun } from '../../helpers/taskProcess.ts';
import type { ModelVersion } from '../../../shared/azureml/index.ts';
import { makeRegistry } from '../../helpers/registry.ts';
import { startRegisterKit, type RegisterKit } from './kit.ts';

describe('A model in a registry', () => {
  let kit: RegisterKit;
  before(async () => {
    kit = await startRegisterKit();
    await makeRegistry(kit.workspace, 'shared');
  });
  after(() => kit.stop());

  const run = (task: string, inputs: Readonly<Record<string, string>>): Promise<TaskRun> =>
    runTask(task, kit.workspace, { inputs: { registry: 'shared', ...inputs } });
  const versionsOf = async (model: string): Promise<readonly ModelVersion[]> => {
    const found: ModelVersion[] = [];
    for await (const version of kit.client.registry('shared').models.list(model)) found.push(version);
    return found;
  };

  it('is registered once, its files copied there, and downloaded byte by byte', async () => {
    await kit.write('model/sub/weights.bin', 'weights');
    await kit.write('model/README', 'card');
    const source = path.join(kit.folder, 'model');
    const done = await run('RegisterModel', { source, modelName: 'risk' });
    assert.equal(done.result, 'Succeeded', done.message);
    assert.match(done.outputs['modelId'] ?? '', /\/registries\/shared\/models\/risk\/versions\/1$/);
    const again = await run('RegisterModel', { source, modelName: 'risk' });
    assert.equal(again.outputs['modelVersion'], '1', again.message);
    assert.equal((await versionsOf('risk')).length, 1);

    const download = (inputs: Readonly<Record<string, string>>, folder: string): Promise<TaskRun> =>
      run('DownloadModel', {
        connection: CONNECTION,
        definition: 'risk',
        version: 'latest',
        downloadPath: path.join(kit.folder, folder),
        ...inputs,
      });
    const brought = await download({}, 'brought');
    assert.equal(brought.result, 'Succeeded', brought.message);
    assert.equal(brought.outputs['verified'], 'true');
    assert.equal(brought.outputs['evidenceHash'], done.outputs['evidenceHash']);
    assert.equal(await readFile(path.join(kit.folder, 'brought/sub/weights.bin'), 'utf8'), 'weights');
    const unknown = await download({ version: '9' }, 'unknown');
    assert.match(unknown.message, /Model 'risk' has no version '9'.*The newest is 1/);
  });

  it('may come from a job of the workspace', async () => {
    await kit.train('trained', 'printf weights > ${{outputs.model}}/model.bin');
    const done = await run('RegisterModel', {
      source: 'azureml://jobs/trained/outputs/model',
      modelName: 'from-job',
      registryResourceGroup: kit.workspace.address.resourceGroup,
    });
    assert.equal(done.result, 'Succeeded', done.message);
    const evidence = JSON.parse(Object.values(done.attachments)[0]!) as {
      links: { kind: string; content: { registry?: string; files?: { sha256: string }[] } }[];
    };
    const registered = evidence.links.find(({ kind }) => kind === 'registered')!.content;
    assert.equal(registered.registry, 'shared');
    const sha256 = createHash('sha256').update('weights').digest('hex');
    assert.deepEqual(
      registered.files?.map((file) => file.sha256),
      [sha256],
    );
    const [version] = await versionsOf('from-job');
    assert.match(String(version?.modelUri), /\/registry-[0-9a-f-]+\/model$/);
  });
});
