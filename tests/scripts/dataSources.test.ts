import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readDataSource, type DataSourceBinding } from '../../local/devops/templates/dataSource.ts';
import { SEED, startDataSources, type DataSources } from '../../scripts/checks/dataSources.ts';

const NEWEST_FIRST = [...SEED.versions].reverse();

describe('The lists of pickers', () => {
  let sources: DataSources;
  before(async () => {
    sources = await startDataSources();
  });
  after(() => sources.stop());

  const values = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
    rows.map((row) => row['Value']);

  async function binding(target: string, contribution = 'model-artifact-type'): Promise<DataSourceBinding> {
    const manifest = JSON.parse(await readFile('vss-extension.json', 'utf8')) as {
      contributions: { id: string; properties: { dataSourceBindings?: DataSourceBinding[] } }[];
    };
    const { properties } = manifest.contributions.find(({ id }) => id === contribution)!;
    return properties.dataSourceBindings!.find((one) => one.target === target)!;
  }

  it('hold what the workspace holds, for every task and every artifact type', async () => {
    const { resourceGroup, workspaceName } = sources.address;
    const expected: Readonly<Record<string, readonly unknown[]>> = {
      resourceGroup: [resourceGroup],
      workspace: [workspaceName],
      registry: [SEED.registry],
      definition: [SEED.model],
      compute: ['cpu-cluster'],
      modelName: [SEED.model],
      endpointName: [SEED.endpoint],
      version: NEWEST_FIRST,
      modelVersion: NEWEST_FIRST,
      versions: NEWEST_FIRST,
      defaultVersionSpecific: NEWEST_FIRST,
      latestversion: NEWEST_FIRST.slice(0, 1),
      branch: ['delivery.passed=true', 'delivery.verdict=better', 'stage=production', 'stage=staging'],
    };
    const read = await sources.readAll('.');
    assert(read.length > 20);
    for (const { name, rows, calls } of read) {
      const target = name.slice(name.indexOf('.') + 1);
      if (target.endsWith('Url')) continue;
      assert.deepEqual(values(rows), expected[target], name);
      assert.equal(calls, 1, name);
    }
  });

  it('take the version as what a release shows and as what it keeps', async () => {
    const { rows } = await sources.read(await binding('versions'));
    assert(rows.every((row) => row['Value'] === row['DisplayValue']));
  });

  it('find the newest version that carries a tag', async () => {
    const latest = await binding('latestversion');
    assert.deepEqual(values((await sources.read(latest, { branch: SEED.tag })).rows), [SEED.tagged]);
    assert.deepEqual(values((await sources.read(latest, { branch: 'stage' })).rows), [SEED.tagged]);
    assert.deepEqual(values((await sources.read(latest, { branch: 'stage=none' })).rows), []);
  });

  it('link to the model and its version in the studio', async () => {
    const [version] = (await sources.read(await binding('artifactSourceVersionUrl'))).rows;
    const { subscriptionId, resourceGroup, workspaceName } = sources.address;
    const workspace = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}`;
    assert.deepEqual(version, { url: `https://ml.azure.com/model/churn:3/details?wsid=${workspace}` });
    const [model] = (await sources.read(await binding('artifactSourceDefinitionUrl'))).rows;
    assert.deepEqual(model, { url: `https://ml.azure.com/model/list?wsid=${workspace}` });
    const registry = await binding('artifactSourceVersionUrl', 'registry-model-artifact-type');
    const [inRegistry] = (await sources.read(registry, { registry: 'shared' })).rows;
    assert.deepEqual(inRegistry, { url: 'https://ml.azure.com/registries/shared/models/churn/version/3' });
  });

  it('reach as far as five pages, newest first, and say that there is more', async () => {
    const pages = Array.from({ length: 6 }, (_, page) => ({
      value: Array.from({ length: 100 }, (_row, row) => ({ name: String(600 - page * 100 - row) })),
      nextLink: `https://example.org/versions?api-version=1&$skip=${page + 1}%3D`,
    }));
    const asked: (string | null)[] = [];
    const { rows, isCutOff } = await readDataSource(await binding('versions'), {
      endpoint: { url: 'https://example.org/', subscriptionId: 's' },
      inputs: { resourceGroup: 'g', workspace: 'w', definition: 'many' },
      get(url) {
        const skip = new URL(url).searchParams.get('$skip');
        asked.push(skip);
        return Promise.resolve(JSON.stringify(pages[Number.parseInt(skip ?? '0', 10)]));
      },
    });
    assert.deepEqual(asked, [null, '1=', '2=', '3=', '4=']);
    assert.deepEqual(
      values(rows),
      Array.from({ length: 500 }, (_, index) => String(600 - index)),
    );
    assert(isCutOff);
  });
});
