/** A sorted, durable map from string keys to JSON documents. Writes resolve when they would survive a kill. */
export interface Collection<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): Promise<void>;
  /** Reads and writes in one transaction; undefined deletes. Returns what is stored afterwards. */
  update(key: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined>;
  delete(key: string): Promise<void>;
  /** In key order; `after` is exclusive, `prefix` limits the keys, `reverse` turns the order around. */
  list(options?: {
    prefix?: string;
    after?: string;
    limit?: number;
    reverse?: boolean;
  }): Iterable<readonly [string, T]>;
  count(prefix?: string): number;
}

/** The embedded database: named collections. */
export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Names of the collections there are. */
  names(): readonly string[];
  /**
   * Reads and writes of several collections as one: all of `work`'s writes are kept, or none. `work` is synchronous,
   * calls `put`, `update` and `delete` without awaiting them, and throws only before its first write. A transaction
   * within another is a part of it.
   */
  transaction<T>(work: () => T): Promise<T>;
  close(): Promise<void>;
}
