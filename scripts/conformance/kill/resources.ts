import { settled, type Read } from './ledger.ts';
import { ended, stateOf } from './states.ts';
import type { Deed } from './worker.ts';

/** Clusters, made, enlarged and deleted by operations. */
export const computes: Deed = async (worker) => {
  const at = `computes/${worker.fresh()}`;
  const read: Read = (client) => stateOf(client, at, ({ properties }) => nodesOf(properties));
  const body = (maxNodeCount: number) => ({
    properties: {
      computeType: 'AmlCompute',
      properties: { vmSize: 'STANDARD_D2_V2', scaleSettings: { maxNodeCount } },
    },
  });
  for (const nodes of [2, 3]) {
    await worker.make({ key: at, value: `Succeeded ${nodes}`, read }, 'PUT', at, body(nodes));
    await read(worker.client);
  }
  if (worker.chance() < 0.5)
    await worker.make({ key: at, value: undefined, read }, 'DELETE', `${at}?underlyingResourceAction=Delete`);
};

function nodesOf(properties: { properties: { scaleSettings: { maxNodeCount: number } } }): string {
  return String(properties.properties.scaleSettings.maxNodeCount);
}

/** Online endpoints with a key of their own. */
export const endpoints: Deed = async (worker) => {
  const name = `e${worker.fresh()}`.toLowerCase();
  const at = `onlineEndpoints/${name}`;
  const read: Read = (client) => stateOf(client, at, ({ tags }) => String(tags.n));
  const keyRead: Read = async (client) => {
    if ((await read(client)) === undefined) return undefined;
    return settled(async () => (await client.send('POST', `${at}/listKeys`)).json.secondaryKey as string);
  };
  const body = (n: string) => ({ location: 'local', tags: { n }, properties: { authMode: 'Key' } });
  await worker.make({ key: at, value: 'Succeeded 1', read }, 'PUT', at, body('1'));
  await read(worker.client);
  await worker.make({ key: at, value: 'Succeeded 2', read }, 'PUT', at, body('2'));
  await read(worker.client);
  const keyValue = `key-of-${name}`;
  const before = await keyRead(worker.client);
  if (before === undefined) return;
  const reply = await worker.client.send('POST', `${at}/regenerateKeys`, { keyType: 'Secondary', keyValue });
  await ended(worker.client, reply.headers['location']);
  await worker.ledger.make({
    key: `${at} key`,
    value: keyValue,
    read: keyRead,
    send: () => worker.client.send('POST', `${at}/listKeys`),
  });
  // Azure lets a region have a hundred endpoints.
  worker.ledger.forget(`${at} key`);
  await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
  await read(worker.client);
};

/** Datastores, which are written at once. */
export const datastores: Deed = async (worker) => {
  const at = `datastores/${worker.fresh().replaceAll('-', '_')}`;
  const read: Read = async (client) => {
    const { status, json } = await client.send('GET', at);
    return status === 200 ? String(json.properties.containerName) : undefined;
  };
  for (const containerName of ['one', 'two'])
    await worker.make({ key: at, value: containerName, read }, 'PUT', at, {
      properties: {
        datastoreType: 'AzureBlob',
        accountName: 'elsewhere',
        containerName,
        credentials: { credentialsType: 'None' },
      },
    });
  if (worker.chance() < 0.5) await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
};

/** Batch endpoints, as the online ones without keys. */
export const batchEndpoints: Deed = async (worker) => {
  const at = `batchEndpoints/b${worker.fresh()}`.toLowerCase();
  const read: Read = (client) => stateOf(client, at, ({ tags }) => String(tags.n));
  const body = (n: string) => ({ location: 'local', tags: { n }, properties: { authMode: 'AADToken' } });
  for (const n of ['1', '2']) {
    await worker.make({ key: at, value: `Succeeded ${n}`, read }, 'PUT', at, body(n));
    await read(worker.client);
  }
  await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
  await read(worker.client);
};

/** Schedules that never come due. */
export const schedules: Deed = async (worker) => {
  const at = `schedules/${worker.fresh()}`;
  const read: Read = (client) => stateOf(client, at, ({ properties }) => String(properties.tags.n));
  const environment = await worker.client.send('PUT', 'environments/plain/versions/1', {
    properties: { image: 'python:3' },
  });
  const jobDefinition = { jobType: 'Command', command: 'true', environmentId: environment.json.id };
  const body = (n: string) => ({
    properties: {
      tags: { n },
      // An enabled one could not be deleted.
      isEnabled: n === '1',
      action: { actionType: 'CreateJob', jobDefinition },
      trigger: { triggerType: 'Cron', expression: '0 3 * * *', startTime: '2999-01-01T00:00:00' },
    },
  });
  for (const n of ['1', '2']) {
    await worker.make({ key: at, value: `Succeeded ${n}`, read }, 'PUT', at, body(n));
    await read(worker.client);
  }
  if (worker.chance() < 0.5) await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
  await read(worker.client);
};

/** Connections, which are written at once. */
export const connections: Deed = async (worker) => {
  const at = `connections/${worker.fresh()}`;
  const read: Read = async (client) => {
    const { status, json } = await client.send('GET', at);
    return status === 200 ? String(json.properties.target) : undefined;
  };
  for (const target of ['https://one.example', 'https://two.example'])
    await worker.make({ key: at, value: target, read }, 'PUT', at, {
      properties: { category: 'PythonFeed', authType: 'None', target },
    });
  if (worker.chance() < 0.5) await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
};
