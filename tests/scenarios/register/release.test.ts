import assert from 'node:assert/strict';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import { runTask, type TaskRun } from '../../helpers/taskProcess.ts';
import { exampleRelease, releasesInMemory } from '../../helpers/releases.ts';
import { startRegisterKit, type RegisterKit } from './kit.ts';

describe('RegisterModel in a classic release', () => {
  let kit: RegisterKit;
  const servers: DevOpsServer[] = [];
  before(async () => {
    kit = await startRegisterKit();
  });
  after(async () => {
    await Promise.all(servers.map((one) => one.close()));
    await kit.stop();
  });

  async function start(mayManage = true) {
    const releases = releasesInMemory([exampleRelease()], mayManage);
    const project = { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' };
    const builds = { find: () => undefined, approval: () => undefined, approvals: () => [] };
    const server = await startDevOps({ organization: 'local', project, connections: [], builds, releases });
    servers.push(server);
    const { token } = server.admitJob({ planId: 'p', jobId: 'j' });
    const run = (inputs: Readonly<Record<string, string>>): Promise<TaskRun> =>
      runTask('RegisterModel', kit.workspace, {
        inputs,
        systemAccessToken: token,
        variables: {
          'System.HostType': 'release',
          'System.TeamFoundationServerUri': server.collectionUri,
          'System.TeamProjectId': project.id,
          'Release.ReleaseId': '3',
          'Release.EnvironmentId': '1',
          // With a model as primary artifact its version stands here: it is no build.
          'Build.BuildId': '7',
          'Build.BuildNumber': '7',
        },
      });
    return { run, variables: () => releases.find(3).variables };
  }

  it('hands name and version to later stages, under its own names or those of the user', async () => {
    const { run, variables } = await start();
    const source = await kit.write('a.bin', 'a');
    const other = await kit.write('b.bin', 'b');
    const [own, named] = await Promise.all([
      run({ source, modelName: 'released' }),
      run({ source: other, modelName: 'named', releaseVariables: 'Churn.Version=modelVersion' }),
    ]);
    assert.equal(own.result, 'Succeeded', own.message);
    assert.equal(named.result, 'Succeeded', named.message);
    const { 'AzureML.EvidenceHash': hash, 'AzureML.ModelId': id, ...rest } = variables();
    assert.deepEqual(Object.fromEntries(Object.entries(rest).map(([name, { value }]) => [name, value])), {
      'AzureML.ModelName': 'released',
      'AzureML.ModelVersion': '1',
      'AzureML.Registered': 'true',
      'Churn.Version': '1',
    });
    assert.equal(hash?.value, own.outputs['evidenceHash']);
    assert.equal(id?.value, own.outputs['modelId']);
    const tags = (await kit.model('released', '1')).tags;
    assert(!Object.values(tags).some((value) => value.includes('buildId=7')), JSON.stringify(tags));
  });

  it('without the right warns, and fails when the user counts on the variables', async () => {
    const { run, variables } = await start(false);
    const source = await kit.write('c.bin', 'c');
    const warned = await run({ source, modelName: 'warned' });
    assert.equal(warned.result, 'Succeeded', warned.message);
    assert.match(warned.warnings.join(), /release variables were not written: .*right 'Manage releases'/);
    const asked = await run({ source, modelName: 'warned', releaseVariables: 'Version=modelVersion' });
    assert.equal(asked.result, 'Failed');
    assert.match(asked.message, /The job's identity may not change this release[^]*Manage releases/);
    const none = await run({ source, modelName: 'warned', releaseVariables: 'none' });
    assert.deepEqual(none.warnings, []);
    assert.deepEqual(variables(), {});
    const wrong = await run({ source, modelName: 'warned', releaseVariables: 'A=version' });
    assert.match(wrong.message, /input 'releaseVariables': 'version' is no output that 'A' could hold/);
  });
});
