import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkTaskContracts } from '../../scripts/checks/taskContracts.mjs';

interface TaskFile {
  id: string;
  inputs: { name: string; aliases?: string[] }[];
  outputVariables: { name: string }[];
}

interface Manifest {
  scopes: string[];
  contributions: { id: string }[];
}

describe('The record of task contracts', () => {
  let project: string;

  before(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), 'contracts-'));
  });

  beforeEach(async () => {
    await cp('tasks', path.join(project, 'tasks'), { recursive: true });
    await cp('vss-extension.json', path.join(project, 'vss-extension.json'));
  });

  after(() => rm(project, { recursive: true, force: true }));

  const check = (record = false): Promise<string[]> => checkTaskContracts({ root: project, record });

  async function change<T>(file: string, edit: (value: T) => void): Promise<void> {
    const where = path.join(project, file);
    const value: T = JSON.parse(await readFile(where, 'utf8'));
    edit(value);
    await writeFile(where, JSON.stringify(value));
  }

  const changeTask = (edit: (task: TaskFile) => void): Promise<void> =>
    change('tasks/TrainModel/task.json', edit);

  it('holds what the tasks and the manifest say now', async () => {
    assert.deepEqual(await check(), []);
  });

  it('fails when an input disappears', async () => {
    await changeTask((task) =>
      task.inputs.splice(
        task.inputs.findIndex(({ name }) => name === 'jobFile'),
        1,
      ),
    );
    assert.deepEqual(await check(), ["TrainModel@1 has lost its input 'jobFile'."]);
  });

  it('fails when an alias disappears', async () => {
    await changeTask((task) => task.inputs.forEach((input) => delete input.aliases));
    assert.ok((await check()).includes("TrainModel@1 has lost its input 'resourceGroupName'."));
  });

  it('fails when an output disappears', async () => {
    await changeTask((task) => task.outputVariables.shift());
    assert.match((await check()).join('\n'), /TrainModel@1 has lost its output/);
  });

  it('fails when the id of a task changes', async () => {
    await changeTask((task) => (task.id = '00000000-0000-4000-8000-000000000000'));
    assert.deepEqual(await check(), ['TrainModel@1 has another id; ids are permanent.']);
  });

  it('fails when a whole task disappears', async () => {
    await rm(path.join(project, 'tasks', 'DeployModel'), { recursive: true });
    assert.deepEqual(await check(), ['DeployModel@1 was published and is gone.']);
  });

  it('fails when the extension asks for other scopes', async () => {
    await change<Manifest>('vss-extension.json', (manifest) => manifest.scopes.push('vso.code_full'));
    assert.match((await check()).join('\n'), /^extension asks for other scopes/);
  });

  it('fails when a contribution disappears', async () => {
    await change<Manifest>('vss-extension.json', (manifest) => manifest.contributions.shift());
    assert.match((await check()).join('\n'), /^extension has lost its contribution 'train-model-task/);
  });

  it('asks for a new input to be recorded, and is content once it is', async () => {
    await changeTask((task) => task.inputs.push({ name: 'quiteNew' }));
    assert.match((await check()).join('\n'), /--record/);
    assert.deepEqual(await check(true), []);
    assert.deepEqual(await check(), []);
  });

  it('never records that something is gone', async () => {
    await changeTask((task) => task.outputVariables.shift());
    const before = await readFile(path.join(project, 'tasks', 'contracts.json'), 'utf8');
    assert.equal((await check(true)).length, 1);
    assert.equal(await readFile(path.join(project, 'tasks', 'contracts.json'), 'utf8'), before);
  });

  it('refuses two inputs of one name', async () => {
    await changeTask((task) => task.inputs.push({ name: 'JOBFILE' }));
    assert.match((await check()).join('\n'), /'JOBFILE' names two inputs/);
  });
});
