import { Reference, type LocalAsset } from '../compilation.ts';
import type { Scope } from '../fields/scope.ts';

/** Where local files go unless the file says otherwise. */
export const DEFAULT_DATASTORE = 'workspaceblobstore';

/** Notes a local asset and stands for what it will become; `prefix` is written before its id. */
export function upload(asset: LocalAsset, scope: Scope, prefix = ''): Reference {
  scope.settings.findings.assets.push(asset);
  return new Reference({ kind: 'local', asset }, asset.place, prefix);
}
