export { CODE_LIMIT_IN_BYTES, type SendingOptions } from './context.ts';
export {
  digestFiles,
  uploadModel,
  type FileDigest,
  type UploadedModel,
  type UploadModelOptions,
} from './models.ts';
export { resolveAssets, type Resolved } from './resolve.ts';
export type { AbortOption, ArmCallOptions, ArmCalls, AssetServices, UploadProgress } from './services.ts';
