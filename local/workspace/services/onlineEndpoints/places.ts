import type { WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import type {
  AssetReference,
  Assets,
  Places,
  StoredAsset,
  StoredEnvironment,
} from '../../engine/jobs/references/index.ts';
import type { Json } from '../../server/bodies.ts';
import { openAssets } from '../assets/assetStore.ts';
import type { VersionRecord } from '../assets/records.ts';
import type { ComputeRecord } from '../computes/records.ts';
import { builtInDatastores } from '../datastores/builtIn.ts';

export function placesOf(context: WorkspaceContext): Places {
  return { storage: context.storage, records: recordsIn(context.store), assets: assetsOf(context) };
}

export function isKubernetesCompute(context: WorkspaceContext, name: string): boolean {
  return context.store.collection<ComputeRecord>('computes').get(name)?.computeType === 'Kubernetes';
}

function assetsOf(context: WorkspaceContext): Assets {
  const find = (reference: AssetReference): VersionRecord | undefined => {
    const assets = openAssets(context.store, reference.asset, context.clock);
    return reference.version === undefined
      ? assets.latest(reference.name)
      : assets.version(reference.name, reference.version);
  };
  return {
    stored: (reference) => storedOf(find(reference)),
    environment: (reference) => environmentOf(find(reference)),
    component: () => undefined,
    datastore: (name) => {
      const found = builtInDatastores(context).find((datastore) => datastore.name === name)?.properties;
      return (
        found && { accountName: String(found['accountName']), containerName: String(found['containerName']) }
      );
    },
    hasCompute: (name) => context.store.collection<ComputeRecord>('computes').get(name) !== undefined,
    register: () => Promise.reject(new Error('Deployments register nothing.')),
  };
}

function storedOf(record: VersionRecord | undefined): StoredAsset | undefined {
  if (!record) return undefined;
  const { codeUri, modelUri, dataUri, modelType } = record.properties as Json;
  const type = typeof modelType === 'string' ? { type: modelType } : {};
  return { name: record.name, version: record.version, uri: String(modelUri ?? codeUri ?? dataUri), ...type };
}

function environmentOf(record: VersionRecord | undefined): StoredEnvironment | undefined {
  if (!record) return undefined;
  const { image, condaFile, build } = record.properties;
  return {
    name: record.name,
    ...(typeof image === 'string' ? { image } : {}),
    ...(typeof condaFile === 'string' ? { condaFile } : {}),
    fromDockerfile: build !== undefined,
  };
}
