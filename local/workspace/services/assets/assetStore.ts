import type { Caller, WorkspaceContext } from '../../context.ts';
import { modelRegistered } from '../../engine/events/happenings.ts';
import { outboxOf } from '../../engine/events/outbox.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { stamp } from '../../server/stamps.ts';
import type { Collection } from '../../store/store.ts';
import { nextVersionOf, type AssetType, type ContainerRecord, type VersionRecord } from './records.ts';

const MOST_DIGITS = 15;
const MOST_HASH_LENGTH = 256;

/** Where and how far to list. */
interface Range {
  /** The key of the item before the first one. */
  readonly after?: string | undefined;
  readonly newestFirst?: boolean;
}

/** A version to write: `merge` says what becomes of the properties it has, and throws what may not change. */
interface VersionWrite {
  readonly name: string;
  /** undefined: the next free number. */
  readonly version: string | undefined;
  readonly caller: Pick<Caller, 'name'>;
  readonly merge: (current: Json | undefined) => Json;
  /** Properties of the container, should this be its first version. */
  readonly container?: Json;
  /** See `VersionRecord`; the first counts. */
  readonly bytesAt?: string | undefined;
}

/** The assets of one type: containers, their versions, and the order the versions were made in. */
export interface AssetStore {
  container(name: string): ContainerRecord | undefined;
  containers(range?: Range): Iterable<readonly [string, ContainerRecord]>;
  version(name: string, version: string): VersionRecord | undefined;
  /** The version made last, which is what the label `latest` means. */
  latest(name: string): VersionRecord | undefined;
  /** Versions of any name whose property `hash_sha256` is this. */
  withHash(hash: string): readonly VersionRecord[];
  /** In the order of creation. */
  versions(name: string, range?: Range): Iterable<readonly [string, VersionRecord]>;
  putContainer(
    name: string,
    caller: Pick<Caller, 'name'>,
    merge: (current: Json | undefined) => Json,
  ): Promise<Written<ContainerRecord>>;
  putVersion(write: VersionWrite): Promise<Written<VersionRecord>>;
  /** Whether there was one. */
  deleteVersion(name: string, version: string): Promise<boolean>;
  deleteContainer(name: string): Promise<boolean>;
}

type AssetPlaces = Pick<WorkspaceContext, 'store' | 'clock' | 'storage'>;

interface Written<T> {
  readonly record: T;
  readonly created: boolean;
}

/**
 * Opens the assets of one type. Every write of a version, its container and its place in the order is one transaction. A new
 * version is written only when the bytes it may point to would survive a kill of storage.
 */
export function openAssets({ store, clock, storage }: AssetPlaces, type: AssetType): AssetStore {
  const containers = store.collection<ContainerRecord>(`${type}.containers`);
  const versions = store.collection<VersionRecord>(`${type}.versions`);
  const order = store.collection<string>(`${type}.order`);
  const hashes = store.collection<readonly [string, string]>(`${type}.hashes`);
  const outbox = outboxOf(store);
  const at = (name: string, version: string) => versions.get(`${name}/${version}`);

  function writeVersion({
    name,
    version: wanted,
    caller,
    merge,
    container: properties = {},
    bytesAt,
  }: VersionWrite): Written<VersionRecord> {
    const container = containers.get(name) ?? { ...stamp(clock, caller), name, properties, sequence: 0 };
    const version = wanted ?? nextVersionOf(container) ?? String(container.sequence + 1);
    const current = at(name, version);
    const sequence = current?.sequence ?? container.sequence + 1;
    const place = current === undefined ? bytesAt : current.bytesAt;
    const record: VersionRecord = {
      ...stamp(clock, caller, current),
      name,
      version,
      sequence,
      properties: merge(current?.properties),
      ...(place === undefined ? {} : { bytesAt: place }),
    };
    void versions.put(`${name}/${version}`, record);
    const hash = hashOf(record);
    if (hash !== undefined) void hashes.put(`${hash}/${name}/${version}`, [name, version]);
    if (current === undefined) {
      void order.put(orderKey(name, sequence), version);
      void containers.put(name, withVersion({ ...container, ...stamp(clock, caller, container) }, record));
      // What a job registers by itself, under no name of a person's, is no registered model.
      if (type === 'models' && record.properties['isAnonymous'] !== true)
        outbox.record(modelRegistered(record));
    }
    return { record, created: current === undefined };
  }

  function removeVersion(name: string, version: string): boolean {
    const record = at(name, version);
    const container = containers.get(name);
    if (record === undefined || container === undefined) return false;
    void versions.delete(`${name}/${version}`);
    void order.delete(orderKey(name, record.sequence));
    const hash = hashOf(record);
    if (hash !== undefined) void hashes.delete(`${hash}/${name}/${version}`);
    if (container.latestVersion === version)
      void containers.put(name, withLatest(container, newest(order, name)));
    return true;
  }

  return {
    container: (name) => containers.get(name),
    containers: ({ after } = {}) => containers.list(after === undefined ? {} : { after }),
    version: at,
    latest: (name) => {
      const version = containers.get(name)?.latestVersion;
      return version === undefined ? undefined : at(name, version);
    },
    withHash: (hash) =>
      [...hashes.list({ prefix: `${hash}/` })].flatMap(([, [name, version]]) => at(name, version) ?? []),
    versions: function* (name, { after, newestFirst = false } = {}) {
      const range = { prefix: `${name}/`, reverse: newestFirst, ...(after === undefined ? {} : { after }) };
      for (const [key, version] of order.list(range)) {
        const record = at(name, version);
        if (record !== undefined) yield [key, record] as const;
      }
    },
    putContainer: (name, caller, merge) =>
      store.transaction(() => {
        const current = containers.get(name);
        const record = {
          sequence: 0,
          ...current,
          ...stamp(clock, caller, current),
          name,
          properties: merge(current?.properties),
        };
        void containers.put(name, record);
        return { record, created: current === undefined };
      }),
    putVersion: async (write) => {
      const isKnown = write.version !== undefined && at(write.name, write.version) !== undefined;
      if (!isKnown && type !== 'components') await storage.flush();
      const written = await store.transaction(() => writeVersion(write));
      outbox.wake();
      return written;
    },
    deleteVersion: (name, version) => store.transaction(() => removeVersion(name, version)),
    deleteContainer: (name) =>
      store.transaction(() => {
        const known = containers.get(name) !== undefined;
        for (const [, version] of [...order.list({ prefix: `${name}/` })]) removeVersion(name, version);
        void containers.delete(name);
        return known;
      }),
  };
}

/** What Azure's clients keep as the hash of the content, with its algorithm in `hash_version`. */
function hashOf({ properties }: VersionRecord): string | undefined {
  const own = isObject(properties.properties) ? properties.properties.hash_sha256 : undefined;
  return typeof own === 'string' && own.length <= MOST_HASH_LENGTH ? own : undefined;
}

function withVersion(container: ContainerRecord, { version, sequence }: VersionRecord): ContainerRecord {
  const number = numberOf(version);
  const highest = Math.max(container.highestNumber ?? 0, number ?? 0);
  return {
    ...container,
    sequence,
    latestVersion: version,
    ...(highest > 0 || number === 0 ? { highestNumber: highest } : {}),
  };
}

function withLatest(
  { latestVersion: _gone, ...container }: ContainerRecord,
  latest: string | undefined,
): ContainerRecord {
  return latest === undefined ? container : { ...container, latestVersion: latest };
}

function newest(order: Collection<string>, name: string): string | undefined {
  for (const [, version] of order.list({ prefix: `${name}/`, reverse: true, limit: 1 })) return version;
  return undefined;
}

function numberOf(version: string): number | undefined {
  return /^\d+$/.test(version) && version.length <= MOST_DIGITS ? Number(version) : undefined;
}

/** Sorts by the order of creation within one name; names cannot contain a slash. */
function orderKey(name: string, sequence: number): string {
  return `${name}/${String(sequence).padStart(MOST_DIGITS, '0')}`;
}
