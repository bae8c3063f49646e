import assert from 'node:assert/strict';
import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import { ReleaseApi } from 'azure-devops-node-api/ReleaseApi.js';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import { exampleRelease, releasesInMemory } from '../../helpers/releases.ts';

const variable = (value: string, isSecret = false) => ({ value, isSecret, allowOverride: false });

describe('the releases of the local Azure DevOps', () => {
  const open: DevOpsServer[] = [];
  const start = async (releases: ReturnType<typeof releasesInMemory>): Promise<ReleaseApi> => {
    const server = await startDevOps({
      organization: 'local',
      project: { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' },
      connections: [],
      builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
      releases,
    });
    open.push(server);
    const { token } = server.admitJob({ planId: 'p', jobId: 'j' });
    return new ReleaseApi(server.collectionUri, [new BearerCredentialHandler(token)]);
  };
  after(() => Promise.all(open.map((one) => one.close())));

  it('are read by azure-devops-node-api, secrets without their value', async () => {
    const variables = { modelName: variable('diabetes'), password: variable('hidden', true) };
    const api = await start(releasesInMemory([exampleRelease({ variables })]));
    const release = await api.getRelease('models', 3);
    assert.deepEqual(
      [release.name, release.environments?.map((one) => one.name)],
      ['Release-3', ['Staging', 'Production']],
    );
    assert.equal(release.variables?.['modelName']?.value, 'diabetes');
    assert.deepEqual(release.variables?.['password'], { value: null, isSecret: true });
    assert.deepEqual(
      (await api.getReleases('models')).map((one) => one.id),
      [3],
    );
  });

  it('are put back as a whole: new variables stay, missing ones go, a secret without a value keeps its own', async () => {
    const variables = { old: variable('1'), password: variable('hidden', true) };
    const releases = releasesInMemory([exampleRelease({ variables })]);
    const api = await start(releases);
    const release = await api.getRelease('models', 3);
    const { old: _, ...rest } = release.variables ?? {};
    release.variables = { ...rest, modelVersion: { value: '7' } };
    const answer = await api.updateRelease(release, 'models', 3);
    assert.deepEqual(Object.keys(answer.variables ?? {}), ['password', 'modelVersion']);
    assert.deepEqual(releases.find(3).variables, {
      password: variable('hidden', true),
      modelVersion: variable('7'),
    });
  });

  it('tell nobody about a conflict: of two that read before either wrote, the last one wins', async () => {
    const releases = releasesInMemory([exampleRelease()]);
    const api = await start(releases);
    const [one, other] = [await api.getRelease('models', 3), await api.getRelease('models', 3)];
    one.variables = { first: { value: '1' } };
    other.variables = { second: { value: '2' } };
    await api.updateRelease(one, 'models', 3);
    await api.updateRelease(other, 'models', 3);
    assert.deepEqual(Object.keys(releases.find(3).variables), ['second']);
  });

  it('are not changed by a job whose identity may not manage them', async () => {
    const api = await start(releasesInMemory([exampleRelease()], false));
    const release = await api.getRelease('models', 3);
    await assert.rejects(api.updateRelease(release, 'models', 3), /manage releases permission/);
  });

  it('are not there under another number', async () => {
    const api = await start(releasesInMemory([exampleRelease()]));
    // The client turns a 404 into nothing.
    assert.equal(await api.getRelease('models', 4), null);
  });
});
