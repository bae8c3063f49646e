import { Hono } from 'hono';
import type { BlobStorage, WorkspaceContext, WorkspaceService } from '../../context.ts';
import type { Json } from '../../server/bodies.ts';
import { blobPlaceOf } from '../../storage/place.ts';
import type { Collection } from '../../store/store.ts';
import { registriesIn, within } from '../registries/records.ts';
import type { AssetKind } from './assetKind.ts';
import { openAssets } from './assetStore.ts';
import { LOST_MARK, type AssetType, type VersionRecord } from './records.ts';

/** Types whose versions point to bytes, and the member that does. */
const POINTERS = { codes: 'codeUri', data: 'dataUri', models: 'modelUri' } as const;
type Pointing = keyof typeof POINTERS;

interface Mark {
  readonly since: string;
}

/** After storage was killed, versions whose files are gone are marked and named in the log, until the files are there again. */
export const assetBytes: WorkspaceService = {
  name: 'assetBytes',
  routes: () => new Hono(),
  start: async (context) => {
    const isFirst = context.served.first === context;
    // Registries are looked at once, not by every workspace.
    const owners = () => [
      context,
      ...(isFirst ? [...registriesIn(context).list()].map(([, one]) => within(context, one)) : []),
    ];
    const lookAtAll = (): void => {
      for (const owner of owners())
        lostBytes(owner)
          .lookAtAll()
          .catch((error: unknown) => context.log(`the files of assets were not looked at: ${String(error)}`));
    };
    context.storage.onLoss(lookAtAll);
    if (owners().some((owner) => marksOf(owner).count() > 0)) lookAtAll();
  },
};

/** The properties of a version as they are shown: with a mark while its files are missing. */
export function withMark(context: WorkspaceContext, type: AssetType, record: VersionRecord): Json {
  const { properties } = record;
  const mark = type in POINTERS ? marksOf(context).get(keyOf(type, record)) : undefined;
  if (mark === undefined) return properties;
  return { ...properties, properties: { ...(properties.properties as Json), [LOST_MARK]: mark.since } };
}

/** Finds out which registered versions point to nothing. */
export function lostBytes(context: WorkspaceContext): {
  lookAtAll(): Promise<void>;
  /** Takes the mark away when the files of this version came back. */
  lookAgain(kind: Pick<AssetKind, 'type'>, record: VersionRecord): Promise<void>;
} {
  const marks = marksOf(context);
  const look = async (type: Pointing, records: Iterable<VersionRecord>, blobs: KnownBlobs): Promise<void> => {
    for (const record of records) {
      const place = blobPlaceOf(context, record.bytesAt ?? String(record.properties[POINTERS[type]]));
      if (place === undefined) continue;
      const key = keyOf(type, record);
      const isMissing = !(await blobs.any(place.container, place.path));
      if (isMissing === (marks.get(key) !== undefined)) continue;
      if (isMissing) await marks.put(key, { since: context.clock.now().toISOString() });
      else await marks.delete(key);
      context.log(
        `${key}: its files ${isMissing ? 'are not in storage; register it again' : 'are in storage again'}`,
      );
    }
  };
  return {
    lookAtAll: async () => {
      await context.storageReady;
      const blobs = knownBlobs(context.storage);
      for (const type of Object.keys(POINTERS) as Pointing[]) await look(type, allOf(context, type), blobs);
    },
    lookAgain: async ({ type }, record) => {
      if (!isPointing(type) || marks.get(keyOf(type, record)) === undefined) return;
      await context.storageReady;
      await look(type, [record], knownBlobs(context.storage));
    },
  };
}

function* allOf(context: WorkspaceContext, type: Pointing): Generator<VersionRecord> {
  const assets = openAssets(context, type);
  for (const [name] of assets.containers()) for (const [, record] of assets.versions(name)) yield record;
}

interface KnownBlobs {
  /** Whether there is a blob at this path or below it. */
  any(container: string, path: string): Promise<boolean>;
}

/** Lists every container once: one listing for each asset would take minutes where there are thousands. */
function knownBlobs(storage: BlobStorage): KnownBlobs {
  const listings = new Map<string, Promise<ReadonlySet<string>>>();
  return {
    any: async (container, path) => {
      const listing = listings.get(container) ?? placesIn(storage, container);
      listings.set(container, listing);
      return (await listing).has(path.replace(/\/+$/, ''));
    },
  };
}

/** Every blob's path with all the folders above it; a container that is gone holds none. */
async function placesIn(storage: BlobStorage, container: string): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  try {
    for await (const { path } of storage.list(container, '')) {
      places.add('');
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
        places.add(path.slice(0, end));
    }
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode !== 404) throw error;
  }
  return places;
}

function keyOf(type: AssetType, { name, version }: VersionRecord): string {
  return `${type}/${name}/versions/${version}`;
}

function isPointing(type: AssetType): type is Pointing {
  return type in POINTERS;
}

function marksOf({ store }: WorkspaceContext): Collection<Mark> {
  return store.collection<Mark>('assets.lostBytes');
}
