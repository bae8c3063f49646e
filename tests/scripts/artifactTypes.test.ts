import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checkArtifactTypes } from '../../scripts/checks/artifactTypes.mjs';
import { checkTaskSchema } from '../../scripts/checks/taskSchema.mjs';

describe('The checks of the manifest and of task.json', () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), 'manifest-'));
    await cp('tasks', path.join(project, 'tasks'), { recursive: true });
    await cp('vss-extension.json', path.join(project, 'vss-extension.json'));
  });
  afterEach(() => rm(project, { recursive: true, force: true }));

  async function change(file: string, from: string, to: string): Promise<void> {
    const where = path.join(project, file);
    const text = await readFile(where, 'utf8');
    assert(text.includes(from), from);
    await writeFile(where, text.replace(from, to));
  }

  it('find nothing now', async () => {
    assert.deepEqual(await checkArtifactTypes(project), []);
    assert.deepEqual(await checkTaskSchema(project), []);
  });

  it('name what is not documented of an artifact type', async () => {
    await change('vss-extension.json', '"artifactType": "Package"', '"artifactType": "Model"');
    await change('vss-extension.json', '"id": "resourceGroup"', '"id": "group"');
    const problems = (await checkArtifactTypes(project)).join('\n');
    assert.match(problems, /model-artifact-type: 'Model' is no category that is documented/);
    assert.match(problems, /'group' is no input of DownloadModel/);
    assert.match(problems, /'resourceGroup' is no name in data source 'versions'/);
  });

  it('name what the public schema does not allow', async () => {
    await change('tasks/TrainModel/task.json', '"type": "multiLine"', '"type": "multiline"');
    await change('tasks/DeployModel/task.json', '"visibility"', '"visible"');
    const problems = (await checkTaskSchema(project)).join('\n');
    assert.match(problems, /tasks\/TrainModel\/task\.json: \/inputs\/\d+\/type must match pattern/);
    assert.match(problems, /tasks\/DeployModel\/task\.json: \/ must NOT have additional properties/);
  });

  it('take the handlers of a server task, and no others beside them', async () => {
    const file = path.join(project, 'tasks/TrainModel/task.json');
    const task = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const server = { ...task, runsOn: ['ServerGate'], execution: { HttpRequest: { Execute: {} } } };
    await writeFile(file, JSON.stringify(server));
    assert.deepEqual(await checkTaskSchema(project), []);
    const mixed = { ...server, execution: { ...server.execution, Node24: { target: 'index.js' } } };
    await writeFile(file, JSON.stringify(mixed));
    assert.match((await checkTaskSchema(project)).join(), /\/execution must NOT have additional properties/);
  });
});
