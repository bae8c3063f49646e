import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { AzureML, Endpoint } from '../../../shared/azureml/index.ts';
import { busiestDeployment, findChampion, requireModel } from '../../../shared/delivery/champion.ts';
import { parseModelId } from '../../../shared/delivery/championModel.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { clientFor, startTestWorkspace, type TestWorkspace } from './workspace.ts';

function endpoint(traffic: Record<string, number>, mirrorTraffic: Record<string, number> = {}): Endpoint {
  return {
    id: '/e',
    name: 'prod',
    location: 'westeurope',
    provisioningState: 'Succeeded',
    authMode: 'Key',
    scoringUri: undefined,
    traffic,
    mirrorTraffic,
    tags: {},
    compute: undefined,
    raw: {},
  };
}

async function refused(work: Promise<unknown> | (() => unknown)): Promise<Problem> {
  const error: unknown = await (typeof work === 'function' ? Promise.resolve().then(work) : work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, String(error));
  return error;
}

describe('The deployment with most live traffic', () => {
  it('is the champion, whatever is mirrored', () => {
    assert.deepEqual(busiestDeployment(endpoint({ blue: 30, green: 70 }, { shadow: 50 })), {
      name: 'green',
      percent: 70,
    });
    assert.deepEqual(busiestDeployment(endpoint({ blue: 100, green: 0 })), { name: 'blue', percent: 100 });
  });

  it('does not exist where nothing takes live traffic', () => {
    assert.equal(busiestDeployment(endpoint({})), undefined);
    assert.equal(busiestDeployment(endpoint({ blue: 0 }, { blue: 10 })), undefined);
  });

  it('is an error on a tie, which names who is tied', async () => {
    const problem = await refused(() => busiestDeployment(endpoint({ red: 40, blue: 40, green: 20 })));
    assert.equal(problem.code, 'conflict');
    assert.match(problem.message, /'blue' and 'red' take 40 %/);
  });

  it('is never one that another one outdoes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(100)), (traffic) => {
        const most = Math.max(0, ...Object.values(traffic));
        const holders = Object.keys(traffic).filter((name) => traffic[name] === most);
        if (most > 0 && holders.length > 1)
          assert.throws(() => busiestDeployment(endpoint(traffic)), Problem);
        else assert.equal(busiestDeployment(endpoint(traffic))?.name, most > 0 ? holders[0] : undefined);
      }),
    );
  });
});

describe('The model id of a deployment', () => {
  const workspace =
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

  it('is understood in every spelling of a registered version', () => {
    for (const id of [
      `${workspace}/models/diabetes/versions/4`,
      `azureml:${workspace}/models/diabetes/versions/4`,
      'azureml:diabetes:4',
      'diabetes:4',
      'azureml://locations/westeurope/workspaces/0a/models/diabetes/versions/4',
    ]) {
      assert.deepEqual(parseModelId(id), { reference: { id, name: 'diabetes', version: '4' } });
    }
  });

  it('is understood for a registry, by either spelling', () => {
    for (const id of [
      'azureml://registries/shared/models/diabetes/versions/4',
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries/shared/models/diabetes/versions/4',
    ]) {
      assert.deepEqual(parseModelId(id), {
        reference: { id, name: 'diabetes', version: '4', registry: 'shared' },
      });
    }
  });

  it('tells the job of a model that was never registered', () => {
    for (const id of [
      'azureml://jobs/job_1/outputs/model/paths/',
      'runs:/job_1/model',
      'azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.job_1/model',
      'azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/workspaceblobstore/paths/azureml/job_1/model/',
    ]) {
      assert.deepEqual(parseModelId(id), { reference: { id }, jobName: 'job_1' });
    }
    const upload = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/9f/model';
    assert.deepEqual(parseModelId(upload), { reference: { id: upload } });
  });
});

describe('The champion among the versions of a model', () => {
  let workspace: TestWorkspace;
  let client: AzureML;
  const options = { abortSignal: new AbortController().signal };
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    client = clientFor(workspace, 'EvaluateModel');
    for (const [version, tags] of [
      ['1', { champion: 'false', stage: 'old' }],
      ['2', { champion: 'true' }],
      ['3', { stage: 'old' }],
    ] as const) {
      await client.models.create('m', version, {
        modelUri: 'azureml://datastores/workspaceblobstore/paths/m',
        tags,
      });
    }
  });
  after(() => workspace.stop());

  it('is the one that carries the tag, with its value where one is named', async () => {
    const found = await findChampion(
      client,
      { by: 'tag', modelName: 'm', tag: 'champion', value: 'true' },
      options,
    );
    assert.equal(found?.version?.version, '2');
    assert.equal(found.recorded.foundBy, 'tag');
    const none = await findChampion(
      client,
      { by: 'tag', modelName: 'm', tag: 'champion', value: 'maybe' },
      options,
    );
    assert.equal(none, undefined);
  });

  it('is an error when several carry the tag', async () => {
    const problem = await refused(
      findChampion(client, { by: 'tag', modelName: 'm', tag: 'stage', value: undefined }, options),
    );
    assert.equal(problem.code, 'conflict');
    assert.match(problem.message, /3, 1.*'stage'/);
  });

  it('is the version that was named, or the newest', async () => {
    const named = await findChampion(client, { by: 'version', modelName: 'm', version: '1' }, options);
    assert.equal(named?.recorded.model.version, '1');
    const newest = await findChampion(client, { by: 'version', modelName: 'm', version: 'latest' }, options);
    assert.equal(newest?.recorded.model.version, '3');
  });

  it('that does not exist is refused with what there is', async () => {
    const version = await refused(
      findChampion(client, { by: 'version', modelName: 'm', version: '9' }, options),
    );
    assert.match(version.message, /no version '9'; its newest versions are 3, 2, 1/);
    const model = await refused(
      requireModel(client, { name: 'n', version: '1', input: 'candidate' }, options),
    );
    assert.match(model.message, /no model 'n'/);
    assert.equal(model.place?.input, 'candidate');
  });

  it('does not exist, and says why, when its endpoint does not exist', async () => {
    const told: string[] = [];
    const wish = { by: 'endpoint', endpointName: 'nowhere' } as const;
    assert.equal(
      await findChampion(client, wish, { ...options, onNone: (why) => told.push(why) }),
      undefined,
    );
    assert.deepEqual(told, ["The endpoint 'nowhere' does not exist yet."]);
    assert.equal(await findChampion(client, { by: 'none' }, options), undefined);
  });
});
