import { randomUUID } from 'node:crypto';
import type { WorkspaceContext } from '../../context.ts';
import { notFound } from '../../server/failures.ts';
import type { Collection } from '../../store/store.ts';
import { blobPlaceOf } from '../../storage/place.ts';
import { storageAccountId } from '../datastores/builtIn.ts';
import { storeOf, type RegistryRecord } from './records.ts';

type Owner = Pick<RegistryRecord, 'registryId'>;

const LIFETIME_IN_SECONDS = 24 * 60 * 60;
const KEPT = ['codes', 'components', 'data', 'environments', 'models']
  .flatMap((type) => ['containers', 'versions', 'order', 'hashes'].map((part) => `${type}.${part}`))
  .concat('assets.lostBytes', 'modelAliases');

/** Containers that hold files of a registry's assets. */
function containersOf(context: WorkspaceContext, owner: Owner): Collection<string> {
  return storeOf(context, owner).collection<string>('rooms');
}

/** A container of its own for the files of one version. */
export async function newRoom(context: WorkspaceContext, owner: Owner): Promise<string> {
  await context.storageReady;
  const container = `registry-${randomUUID()}`;
  await containersOf(context, owner).put(container, context.clock.now().toISOString());
  await context.storage.createContainer(container);
  return container;
}

/**
 * The address of a registry's files, by the account's name: clients take the first part of its path for the container.
 */
export function addressOf({ storage, urls }: WorkspaceContext, container: string, path?: string): string {
  return storage.url(container, path).replace(urls.blob, urls.account);
}

/** The way in to a place in a registry, as its answers give it: with a signature for the container. */
export function signed(
  context: WorkspaceContext,
  container: string,
  blobUri: string,
  permissions: string,
): object {
  const sasUri = context.storage.sasUrl(container, undefined, permissions, LIFETIME_IN_SECONDS);
  return {
    blobUri,
    storageAccountArmId: storageAccountId(context),
    credential: { credentialType: 'SAS', sasUri: sasUri.replace(context.urls.blob, context.urls.account) },
  };
}

/** The container of an address in this registry; another registry's, or the workspace's, is not signed for. */
export function roomOf(context: WorkspaceContext, owner: Owner, blobUri: string): string {
  const place = blobPlaceOf(context, blobUri);
  if (place && containersOf(context, owner).get(place.container) !== undefined) return place.container;
  throw notFound(`The place '${blobUri}' in the registry`);
}

/** Deletes what a registry had: its files, then what is known of its assets. */
export async function emptied(context: WorkspaceContext, registryId: string): Promise<void> {
  await context.storageReady;
  const rooms = containersOf(context, { registryId });
  for (const [container] of [...rooms.list()]) {
    await context.storage.deleteContainer(container);
    await rooms.delete(container);
  }
  const store = storeOf(context, { registryId });
  await store.transaction(() => {
    for (const name of KEPT) {
      const collection = store.collection<unknown>(name);
      for (const [key] of [...collection.list()]) void collection.delete(key);
    }
  });
}
