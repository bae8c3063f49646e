export { digestFiles, uploadModel, type FileDigest } from './models.ts';
export { resolveAssets } from './resolve.ts';
export type { ArmCallOptions, AssetServices, UploadProgress } from './services.ts';
