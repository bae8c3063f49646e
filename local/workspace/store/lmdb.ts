import { open, type Database, type RangeOptions, type RootDatabase } from 'lmdb';
import type { Collection, Store } from './store.ts';

/** Sorts behind every key that starts with the text before it. */
const LAST = '\u{10ffff}';

/** How many entries of a list are read at once. */
const PART = 100;

type ListOptions = { prefix?: string; after?: string; limit?: number; reverse?: boolean };

/** Opens the database in `folder`. A write is committed to the shared memory map before it resolves, so it survives a kill. */
export function openStore(folder: string): Store {
  const root = open({ path: folder, maxDbs: 300 });
  const writes = trackWrites();
  const collections = new Map<string, Collection<unknown>>();
  const within = { transaction: false };
  return {
    collection: <T>(name: string) => {
      const known =
        collections.get(name) ?? openCollection<unknown>(root, name, { write: writes.write, within });
      collections.set(name, known);
      // The name decides the type of what is stored; every collection is opened in one place.
      return known as Collection<T>;
    },
    // The database keeps its collections by name among its own keys.
    names: () => [...root.getKeys()].map(String),
    transaction: async (work) =>
      within.transaction ? work() : writes.write(() => root.transaction(() => inside(within, work))),
    close: async () => {
      await writes.end();
      await root.flushed;
      await root.close();
    },
  };
}

/** `work` is synchronous, so nothing else can see the mark. */
function inside<T>(within: { transaction: boolean }, work: () => T): T {
  within.transaction = true;
  try {
    return work();
  } finally {
    within.transaction = false;
  }
}

type Write = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets the store be closed under writes: those that were begun are waited for, later ones are left waiting for ever.
 * lmdb ends the whole process when it is written to after its end; whoever still writes then belongs to what was stopped.
 */
function trackWrites(): { write: Write; end(): Promise<void> } {
  const pending = new Set<Promise<unknown>>();
  let isOpen = true;
  return {
    write: (work) => {
      if (!isOpen) return new Promise(() => undefined);
      const writing = work();
      const settled = writing.then(
        () => undefined,
        () => undefined,
      );
      pending.add(settled);
      void settled.then(() => pending.delete(settled));
      return writing;
    },
    end: async () => {
      isOpen = false;
      await Promise.all(pending);
    },
  };
}

interface Writing {
  readonly write: Write;
  readonly within: { readonly transaction: boolean };
}

function openCollection<T>(root: RootDatabase, name: string, { write, within }: Writing): Collection<T> {
  const database: Database<T, string> = root.openDB<T, string>({ name });
  return {
    get: (key) => database.get(key),
    put: async (key, value) => void (await write(() => database.put(key, value))),
    update: async (key, change) =>
      within.transaction
        ? changeInTransaction(database, key, change)
        : write(() => database.transaction(() => changeInTransaction(database, key, change))),
    delete: async (key) => void (await write(() => database.remove(key))),
    list: (options = {}) => inParts(database, options),
    count: (prefix) => database.getKeysCount(rangeOf(prefix === undefined ? {} : { prefix })),
  };
}

/**
 * Reads a part at a time, each at once: a cursor that is left open while its reader waits for something else, and others
 * write, ends the whole process sooner or later.
 */
function* inParts<T>(database: Database<T, string>, options: ListOptions): Generator<readonly [string, T]> {
  let left = options.limit ?? Infinity;
  let { after } = options;
  while (left > 0) {
    const limit = Math.min(left, PART);
    const part = [
      ...database.getRange(rangeOf({ ...options, limit, ...(after === undefined ? {} : { after }) })),
    ];
    for (const { key, value } of part) yield [key, value] as const;
    if (part.length < limit) return;
    left -= part.length;
    after = part.at(-1)?.key;
  }
}

function changeInTransaction<T>(
  database: Database<T, string>,
  key: string,
  change: (current: T | undefined) => T | undefined,
): T | undefined {
  const current = database.get(key);
  const next = change(current);
  // Inside a transaction the synchronous forms belong to it.
  if (next !== undefined) database.putSync(key, next);
  else if (current !== undefined) database.removeSync(key);
  return next;
}

function rangeOf({ prefix = '', after, limit, reverse = false }: ListOptions): RangeOptions {
  const first = reverse ? (after ?? prefix + LAST) : (after ?? prefix);
  const last = reverse ? prefix : prefix + LAST;
  return {
    ...(first === '' ? {} : { start: first }),
    ...(last === '' ? {} : { end: last }),
    ...(limit === undefined ? {} : { limit }),
    reverse,
    exclusiveStart: after !== undefined,
    // `end` is exclusive by default; going backwards the prefix itself may be a key.
    inclusiveEnd: reverse,
  };
}
