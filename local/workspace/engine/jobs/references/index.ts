export type { Assets, NewAsset, StoredAsset, StoredEnvironment } from './assets.ts';
export { locate, nameOf, storedAsset, type Location, type Places } from './locate.ts';
export { parseReference, type AssetKind, type AssetReference, type Reference } from './reference.ts';
export { environmentRequestOf } from './environment.ts';
export { workspaceAssets } from './workspaceAssets.ts';
