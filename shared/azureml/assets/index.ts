import type { Compilation } from '../yaml/index.ts';
import type { AbortOption, AssetServices } from './services.ts';

export type { AbortOption, ArmCallOptions, ArmCalls, AssetServices, UploadProgress } from './services.ts';

/** What was sent: the finished JSON of the PUT, without symbols. */
export interface Resolved {
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends what a compilation needs (only what the service does not have yet) and puts ids and addresses in its body. */
export declare function resolveAssets(
  compilation: Compilation,
  services: AssetServices,
  options?: AbortOption,
): Promise<Resolved>;

export interface FileDigest {
  /** Relative to the model's root, with forward slashes. */
  readonly path: string;
  readonly sizeInBytes: number;
  readonly sha256: string;
}

/** Streams a local file or folder to a datastore; reports the SHA-256 of every file as it goes. */
export declare function uploadModel(
  options: { path: string; datastore?: string; onFile?: (file: FileDigest) => void } & AbortOption,
  services: AssetServices,
): Promise<{ modelUri: string; files: readonly FileDigest[] }>;

/** SHA-256 of every file under a path, without sending anything. */
export declare function digestFiles(path: string, options?: AbortOption): Promise<readonly FileDigest[]>;
