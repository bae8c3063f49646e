import assert from 'node:assert/strict';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { findChampion } from '../../../shared/delivery/champion.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { startOnlineKit, type OnlineKit } from '../../local/workspace/services/onlineEndpoints/kit.ts';
import { clientFor } from './workspace.ts';

const wish = { by: 'endpoint', endpointName: 'prod' } as const;

describe('The champion of an endpoint with real deployments', () => {
  let kit: OnlineKit;
  let client: AzureML;
  let modelUri: string;
  const options = { abortSignal: new AbortController().signal };
  const traffic = async (
    live: Record<string, number>,
    mirror: Record<string, number> = {},
  ): Promise<void> => {
    const { operation } = await kit.traffic('prod', live, mirror);
    assert.equal(operation.status, 'Succeeded', operation.error?.message);
  };
  before(async () => {
    kit = await startOnlineKit();
    client = clientFor(kit.workspace, 'EvaluateModel');
    modelUri = (await client.models.get('echo', '1'))?.modelUri ?? '';
    await kit.endpoint('prod');
    for (const [name, properties] of [
      ['blue', {}],
      ['green', { model: modelUri }],
    ] as const) {
      const { operation } = await kit.deployment('prod', name, { properties });
      assert.equal(operation.status, 'Succeeded', operation.error?.message);
    }
  });
  after(() => kit.workspace.stop());

  it('does not exist while nothing takes traffic', async () => {
    const told: string[] = [];
    assert.equal(
      await findChampion(client, wish, { ...options, onNone: (why) => told.push(why) }),
      undefined,
    );
    assert.deepEqual(told, ["No deployment of the endpoint 'prod' takes live traffic."]);
  });

  it('is the version behind the deployment with most live traffic, and a mirror changes nothing', async () => {
    await traffic({ blue: 100 }, { green: 50 });
    const found = await findChampion(client, wish, options);
    assert.equal(found?.version?.version, '1');
    assert.deepEqual(
      { ...found.recorded, model: found.recorded.model.name },
      { model: 'echo', foundBy: 'endpoint', endpointName: 'prod', deploymentName: 'blue', traffic: 100 },
    );
  });

  it('is named by its address when it was never registered', async () => {
    await traffic({ blue: 40, green: 60 });
    const found = await findChampion(client, wish, options);
    assert.equal(found?.version, undefined);
    assert.deepEqual([found?.recorded.deploymentName, found?.recorded.traffic], ['green', 60]);
    assert.deepEqual(found?.recorded.model, { id: modelUri });
  });

  it('is an error when two take the same', async () => {
    await traffic({ blue: 50, green: 50 });
    await assert.rejects(
      findChampion(client, wish, options),
      (error) => error instanceof Problem && /'blue' and 'green' take 50 %/.test(error.message),
    );
  });
});
