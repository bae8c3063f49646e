import type { Collection, Store } from './store.ts';

/** A part of a store that belongs to one owner: the same collections, under a name of their own, with the owner before each key. */
export function storeBelow(store: Store, area: string, owner: string): Store {
  return {
    ...store,
    collection: <T>(name: string) => below(store.collection<T>(`${area}.${name}`), `${owner}/`),
  };
}

function below<T>(collection: Collection<T>, root: string): Collection<T> {
  return {
    get: (key) => collection.get(root + key),
    put: (key, value) => collection.put(root + key, value),
    update: (key, change) => collection.update(root + key, change),
    delete: (key) => collection.delete(root + key),
    list: function* ({ prefix = '', after, ...options } = {}) {
      const range = {
        ...options,
        prefix: root + prefix,
        ...(after === undefined ? {} : { after: root + after }),
      };
      for (const [key, value] of collection.list(range)) yield [key.slice(root.length), value] as const;
    },
    count: (prefix = '') => collection.count(root + prefix),
  };
}
