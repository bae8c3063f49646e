import type { WorkspaceContext } from '../../../context.ts';
import { type AssetStore, openAssets } from '../../../services/assets/assetStore.ts';
import type { VersionRecord } from '../../../services/assets/records.ts';
import { nodeLimitsOf } from '../../../services/computes/limits.ts';
import { findCompute } from '../../../services/computes/find.ts';
import { builtInDatastores } from '../../../services/datastores/builtIn.ts';
import { findRegistry, registryAssets } from '../../../services/registries/records.ts';
import type { DatastoreRecord } from '../../../services/datastores/records.ts';
import { isRecord, optional, recordOf, textOf } from '../json.ts';
import type { Assets, NewAsset, StoredAsset, StoredEnvironment } from './assets.ts';
import type { AssetKind, AssetReference } from './reference.ts';

const URI_MEMBERS = ['codeUri', 'dataUri', 'modelUri'];
const TYPE_MEMBERS = ['dataType', 'modelType'];

/** The workspace's other resources, as jobs look at them. */
export function workspaceAssets(context: WorkspaceContext): Assets {
  const stores = new Map<AssetKind, AssetStore>();
  const storeOf = (kind: AssetKind): AssetStore => {
    const store = stores.get(kind) ?? openAssets(context, kind);
    stores.set(kind, store);
    return store;
  };
  const find = (reference: AssetReference): VersionRecord | undefined => {
    if (reference.registry === undefined) return versionOf(storeOf(reference.asset), reference);
    const registry = findRegistry(context, reference.registry);
    return registry && versionOf(registryAssets(context, registry, reference.asset), reference);
  };
  const datastores = context.store.collection<DatastoreRecord>('datastores');
  return {
    stored: (reference) => stored(find(reference)),
    environment: (reference) => environmentOf(find(reference)),
    component: (reference) => {
      const spec = find(reference)?.properties['componentSpec'];
      return isRecord(spec) ? spec : undefined;
    },
    datastore: (name) => {
      const builtIn = builtInDatastores(context).find((record) => record.name === name);
      const { accountName, containerName } = (builtIn ?? datastores.get(name))?.properties ?? {};
      return typeof accountName === 'string' && typeof containerName === 'string'
        ? { accountName, containerName }
        : undefined;
    },
    hasCompute: (name) => findCompute(context, name) !== undefined,
    nodeLimits: (name) => nodeLimitsOf(findCompute(context, name)),
    register: (asset) => register(storeOf(asset.kind), asset),
  };
}

/** Labels other than `latest` (`default` of components) mean the newest version too. */
function versionOf(store: AssetStore, { name, version }: AssetReference): VersionRecord | undefined {
  return version === undefined ? store.latest(name) : store.version(name, version);
}

function stored(record: VersionRecord | undefined): StoredAsset | undefined {
  if (!record) return undefined;
  const { name, version, properties, bytesAt } = record;
  const uri = bytesAt ?? URI_MEMBERS.map((member) => textOf(properties[member])).find(Boolean);
  if (uri === undefined) return undefined;
  return {
    name,
    version,
    uri,
    ...optional('hash', textOf(recordOf(properties['properties'])['hash_sha256'])),
    ...optional('type', TYPE_MEMBERS.map((member) => textOf(properties[member])).find(Boolean)),
  };
}

function environmentOf(record: VersionRecord | undefined): StoredEnvironment | undefined {
  if (!record) return undefined;
  const { properties, name } = record;
  return {
    name,
    fromDockerfile: Object.keys(recordOf(properties['build'])).length > 0,
    ...optional('image', textOf(properties['image'])),
    ...optional('condaFile', textOf(properties['condaFile'])),
  };
}

async function register(store: AssetStore, asset: NewAsset): Promise<string> {
  const member =
    asset.kind === 'models'
      ? { modelUri: asset.uri, modelType: asset.type, flavors: {} }
      : { dataUri: asset.uri, dataType: asset.type };
  const properties = {
    tags: {},
    properties: {},
    isArchived: false,
    isAnonymous: asset.anonymous,
    jobName: asset.jobName,
    ...member,
  };
  const { record } = await store.putVersion({
    name: asset.name,
    version: asset.version,
    caller: { name: 'job' },
    // A version that is there already keeps what it says: paths of assets never change.
    merge: (current) => current ?? properties,
    // What Azure registers by itself is not among the assets that people list.
    container: {
      tags: {},
      properties: {},
      isArchived: asset.anonymous,
      ...(asset.kind === 'data' ? { dataType: asset.type } : {}),
    },
  });
  return record.version;
}
