import assert from 'node:assert/strict';
import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import { ReleaseApi } from 'azure-devops-node-api/ReleaseApi.js';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import { writeReleaseVariables, type ReleaseStore } from '../../../shared/pipelines/releaseVariables.ts';
import { exampleRelease, releasesInMemory } from '../../helpers/releases.ts';

const hidden = { value: 'hidden', isSecret: true, allowOverride: false };
const abortSignal = new AbortController().signal;
const pause = (timeInMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeInMs));

describe('Variables of a release', () => {
  const servers: DevOpsServer[] = [];
  after(() => Promise.all(servers.map((one) => one.close())));

  /** Stores that speak to one server by the published client, with a line as slow as they are told. */
  async function start(mayManage = true) {
    const releases = releasesInMemory(
      [
        exampleRelease({
          variables: { password: hidden, 'azureml.modelname': { ...hidden, isSecret: false } },
        }),
      ],
      mayManage,
    );
    const server = await startDevOps({
      organization: 'local',
      project: { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' },
      connections: [],
      builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
      releases,
    });
    servers.push(server);
    const { token } = server.admitJob({ planId: 'p', jobId: 'j' });
    const api = new ReleaseApi(server.collectionUri, [new BearerCredentialHandler(token)]);
    const store = (slowness = 0): ReleaseStore & { readonly writes: () => number } => {
      let writes = 0;
      return {
        writes: () => writes,
        async read() {
          const release = await api.getRelease('models', 3);
          await pause(slowness);
          return release;
        },
        write(release) {
          writes += 1;
          return api.updateRelease(release, 'models', 3);
        },
      };
    };
    return { releases, store };
  }

  it('all arrive when parallel stages write them and the server tells nobody of a conflict', async () => {
    const { releases, store } = await start();
    const stores = [store(20), store(60), store(100), store(140)];
    await Promise.all(
      stores.map((one, index) =>
        writeReleaseVariables(one, { [`Stage${index}`]: String(index) }, { abortSignal }),
      ),
    );
    const { variables } = releases.find(3);
    assert.deepEqual(
      stores.map((_, index) => variables[`Stage${index}`]?.value),
      ['0', '1', '2', '3'],
    );
    assert.deepEqual(variables['password'], hidden);
    // All read before any wrote: without looking again only the last of them would be there.
    assert(stores.reduce((sum, one) => sum + one.writes(), 0) > stores.length);
  });

  it('are the same in any case, and are not written when they are there already', async () => {
    const { releases, store } = await start();
    const one = store();
    const wait = (): Promise<void> => Promise.resolve();
    await writeReleaseVariables(one, { 'AzureML.ModelName': 'risk' }, { abortSignal, pause: wait });
    assert.deepEqual(Object.keys(releases.find(3).variables).sort(), ['azureml.modelname', 'password']);
    assert.equal(releases.find(3).variables['azureml.modelname']?.value, 'risk');
    await writeReleaseVariables(one, { 'azureml.MODELNAME': 'risk' }, { abortSignal, pause: wait });
    assert.equal(one.writes(), 1);
  });

  it('that somebody else overwrites again and again end in a plain sentence', async () => {
    const { releases, store } = await start();
    const overwritten = { ...store(), write: () => Promise.resolve() };
    await assert.rejects(
      writeReleaseVariables(overwritten, { a: '1', b: '2' }, { abortSignal, pause: () => Promise.resolve() }),
      /The release variables a, b were overwritten by others 12 times/,
    );
    assert.equal(releases.find(3).variables['a'], undefined);
  });

  it('need a right, which is named', async () => {
    const { store } = await start(false);
    await assert.rejects(
      writeReleaseVariables(store(), { a: '1' }, { abortSignal, pause }),
      (error: { message: string; next: string; reply: { message: string } }) => {
        assert.match(error.message, /The job's identity may not change this release/);
        assert.match(error.next, /'Project Collection Build Service' .* the right 'Manage releases'/);
        assert.match(error.reply.message, /VS402904/);
        return true;
      },
    );
  });
});
