import { settled, type Read } from './ledger.ts';
import { ended } from './states.ts';
import type { Deed, Worker } from './worker.ts';

/** A registry, a model with its bytes in it, a version of the workspace that is shared with it, and an end for some. */
export const registries: Deed = async (worker) => {
  const at = `registries/r${worker.fresh()}`;
  const there: Read = async (client) => ((await client.send('GET', at)).status === 200 ? 'there' : undefined);
  const body = { location: 'local', properties: {} };
  await worker.make({ key: at, value: 'there', read: there }, 'PUT', at, body);
  await keepModel(worker, at);
  await share(worker, at);
  if (worker.chance() < 0.3) {
    for (const part of ['models/kept', 'environments/shared'])
      worker.ledger.forget(`${at}/${part}/versions/1`);
    await worker.make({ key: at, value: undefined, read: there }, 'DELETE', at);
  }
};

/** Bytes first, then the version that points to them. */
async function keepModel({ client, ledger }: Worker, registry: string): Promise<void> {
  const key = `${registry}/models/kept/versions/1`;
  const room = await client.send('POST', `${key}/startPendingUpload`, {});
  const { blobUri, credential } = room.json.blobReferenceForConsumption;
  const sas = new URL(credential.sasUri as string);
  const url = `${client.address.blobUrl}${sas.pathname}/model.txt${sas.search}`;
  const put = await client.blob('PUT', url, key);
  if (put.status !== 201) throw new Error(`The upload was answered ${put.status}.`);
  const read: Read = async (one) => {
    if ((await one.send('GET', key)).status !== 200) return undefined;
    const bytes = await settled(async () => one.blob('GET', url).catch(() => undefined));
    return bytes?.json === key ? 'whole' : 'without its bytes';
  };
  const send = () => client.send('PUT', key, { properties: { modelUri: blobUri } });
  await ledger.make({ key, value: 'whole', read, send });
}

/** A copy that was finished stays. */
async function share(worker: Worker, registry: string): Promise<void> {
  const { client, ledger } = worker;
  const source = `environments/${worker.fresh()}/versions/1`;
  const made = await client.send('PUT', source, { properties: { image: 'python:3' } });
  const key = `${registry}/environments/shared/versions/1`;
  const properties = { sourceAssetId: made.json.id, destinationName: 'shared', destinationVersion: '1' };
  const { headers } = await client.send('POST', `${registry}/import`, { properties });
  await ended(client, headers['location']);
  const read: Read = async (one) => ((await one.send('GET', key)).status === 200 ? 'there' : undefined);
  await ledger.make({ key, value: 'there', read, send: () => client.send('GET', key) });
}
