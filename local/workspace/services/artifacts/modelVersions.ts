import type { WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { locate, workspaceAssets } from '../../engine/jobs/references/index.ts';
import { notFound } from '../../server/failures.ts';
import type { BlobPlace } from '../../storage/place.ts';

/** The origin under which files of registered models are read that are not a run's own, wherever they lie. */
export const MODEL_VERSION = 'ModelVersion';

/** Where the files of `<name>:<version>`, or of a registry's `<registry>:<name>:<version>`, are: the folder that holds the model. */
export function placeOfModel(context: WorkspaceContext, nameAndVersion: string): BlobPlace {
  const [version = '', name = '', registry] = nameAndVersion.split(':').reverse();
  const assets = workspaceAssets(context);
  const of = registry === undefined ? {} : { registry };
  const stored = assets.stored({ kind: 'asset', asset: 'models', name, version, ...of });
  if (stored === undefined) throw notFound(`The model '${nameAndVersion}'`);
  const places = { storage: context.storage, assets, records: recordsIn(context.store) };
  const location = locate(stored.uri, places, 'models');
  if (location.kind === 'url') throw notFound(`The model '${nameAndVersion}' in this workspace's storage`);
  const parts = location.path.replace(/\/+$/, '').split('/').slice(0, -1);
  return { container: location.container, path: parts.map((part) => `${part}/`).join('') };
}
