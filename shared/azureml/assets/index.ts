export { digestFiles, uploadModel, type FileDigest } from './models.ts';
export { findMissing } from './missing.ts';
export { resolveAssets } from './resolve.ts';
export type { ArmCallOptions, AssetServices, UploadProgress } from './services.ts';
