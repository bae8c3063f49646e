import type { Collection, Store } from '../store/store.ts';
import { storeBelow } from '../store/below.ts';
import type { AddedWorkspace } from './added.ts';

const AREA = 'workspaces';

/** Registries are the same for every workspace. */
const SHARED = /^registries(?:\.|$)/;

/** The workspaces made by requests, by their names in lower case. */
export function addedIn(store: Store): Collection<AddedWorkspace> {
  return store.collection<AddedWorkspace>(AREA);
}

/** A workspace's part of the store, with the registries of all. */
export function storeOfAdded(store: Store, workspaceId: string): Store {
  const own = storeBelow(store, AREA, workspaceId);
  return {
    ...own,
    collection: <T>(name: string) =>
      SHARED.test(name) ? store.collection<T>(name) : own.collection<T>(name),
  };
}

/** Deletes a workspace's part of the store. */
export async function emptyStoreOf(store: Store, workspaceId: string): Promise<void> {
  const areas = store.names().filter((name) => name.startsWith(`${AREA}.`));
  for (const area of areas)
    await store.transaction(() => {
      const collection = store.collection<unknown>(area);
      for (const [key] of [...collection.list({ prefix: `${workspaceId}/` })]) void collection.delete(key);
    });
}
