import type { WorkspaceContext } from '../../context.ts';
import type { Json } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import type { Stamps } from '../../server/stamps.ts';
import { storeBelow } from '../../store/below.ts';
import type { Collection, Store } from '../../store/store.ts';
import { openAssets, type AssetStore } from '../assets/assetStore.ts';
import type { AssetType } from '../assets/records.ts';

/** A registry: assets that are kept apart from the workspace, for any workspace to use. */
export interface RegistryRecord extends Stamps {
  readonly name: string;
  /** What it has is kept under this id, so that a registry of the same name made later starts empty. */
  readonly registryId: string;
  readonly location: string;
  readonly tags: Json;
  readonly identity: Json;
  readonly sku: Json;
  readonly kind?: string;
  readonly properties: Json;
}

type Places = Pick<WorkspaceContext, 'store' | 'clock' | 'storage'>;

/** The registries by their names in lower case: names differ by more than case. */
export function registriesIn({ store }: Pick<Places, 'store'>): Collection<RegistryRecord> {
  return store.collection<RegistryRecord>('registries');
}

export function findRegistry(places: Pick<Places, 'store'>, name: string): RegistryRecord | undefined {
  return registriesIn(places).get(name.toLowerCase());
}

/** The registry a request names, or the refusal that Resource Manager gives. */
export function registryNamed(places: Pick<Places, 'store'>, name: string): RegistryRecord {
  const found = findRegistry(places, name);
  if (found) return found;
  throw failure(
    404,
    'ResourceNotFound',
    `The resource 'Microsoft.MachineLearningServices/registries/${name}' was not found. Make it first.`,
  );
}

/** What is kept for one registry alone. */
export function storeOf(
  { store }: Pick<Places, 'store'>,
  { registryId }: Pick<RegistryRecord, 'registryId'>,
): Store {
  return storeBelow(store, 'registries', registryId);
}

/** The workspace with a registry's part of its store in place of its own. */
export function within<T extends Pick<Places, 'store'>>(
  context: T,
  registry: Pick<RegistryRecord, 'registryId'>,
): T {
  return { ...context, store: storeOf(context, registry) };
}

/** The assets of one type in a registry. */
export function registryAssets(
  places: Places,
  registry: Pick<RegistryRecord, 'registryId'>,
  type: AssetType,
): AssetStore {
  return openAssets(within(places, registry), type);
}
