import { settled, type Read } from './ledger.ts';
import type { Deed } from './worker.ts';

/** Models, changed and deleted; container, list and version agree. */
export const models: Deed = async (worker) => {
  const name = worker.fresh();
  const key = `models/${name}/versions/1`;
  const put = (n: string) =>
    worker.make({ key, value: n, read: tagOf(key) }, 'PUT', key, {
      properties: { modelUri: `azureml://datastores/workspaceblobstore/paths/${name}`, tags: { n } },
    });
  await put('1');
  await put('2');
  if (worker.chance() < 0.3) await worker.make({ key, value: undefined, read: tagOf(key) }, 'DELETE', key);
};

function tagOf(at: string): Read {
  return async (client) => {
    const { status, json } = await client.send('GET', at);
    if (status !== 200) return undefined;
    // The container, its list and the version itself were written together.
    const [, name] = at.split('/');
    const container = await client.send('GET', `models/${name}`);
    const list = await client.send('GET', `models/${name}/versions`);
    const isWhole = container.json.properties?.latestVersion === '1' && list.json.value?.length === 1;
    return isWhole ? String(json.properties.tags.n) : 'half there';
  };
}

/** Bytes first, then the version that points to them. */
export const data: Deed = async (worker) => {
  const key = `data/${worker.fresh()}/versions/1`;
  const upload = await worker.client.send('POST', `${key}/startPendingUpload`, {});
  const { sasUri } = upload.json.blobReferenceForConsumption.credential as { sasUri: string };
  const content = `content of ${key} `.repeat(1 + Math.floor(worker.chance() * 500));
  const sas = new URL(sasUri);
  const url = `${sas.origin}${sas.pathname}/file.txt${sas.search}`;
  const put = await worker.client.blob('PUT', url, content);
  if (put.status !== 201) throw new Error(`The upload was answered ${put.status}.`);
  const read: Read = async (client) => {
    const { status } = await client.send('GET', key);
    if (status !== 200) return undefined;
    const bytes = await settled(async () => client.blob('GET', url).catch(() => undefined));
    return bytes?.json === content ? 'whole' : 'without its bytes';
  };
  await worker.make({ key, value: 'whole', read }, 'PUT', key, {
    properties: { dataType: 'uri_folder', dataUri: `${sas.origin}${sas.pathname}/` },
  });
};
