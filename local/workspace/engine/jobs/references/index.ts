export type { Assets } from './assets.ts';
export { locate, placeOf, storedAsset, type Location, type Places } from './locate.ts';
export { parseReference, type AssetKind } from './reference.ts';
export { environmentRequestOf } from './environment.ts';
export { workspaceAssets } from './workspaceAssets.ts';
