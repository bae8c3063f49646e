import type { ContainerClient } from '@azure/storage-blob';

/** What sending assets needs from the outside; paths are relative to the workspace (`codes/x/versions/1`, `''` is the workspace itself). */
export interface AssetServices {
  /** ARM id of the workspace, without a slash at its end. */
  readonly workspaceId: string;
  readonly arm: ArmCalls;
  /** The container behind a datastore, ready to be written to. */
  openDatastore(name: string, options?: AbortOption): Promise<ContainerClient>;
  /** A container by its SAS address. */
  openContainer(sasUri: string): ContainerClient;
  readonly onProgress?: (progress: UploadProgress) => void;
}

export interface ArmCalls {
  /** The resource as JSON, or undefined where there is none (404). */
  get(path: string, options: ArmCallOptions): Promise<unknown>;
  put(path: string, body: unknown, options: ArmCallOptions): Promise<unknown>;
  post(path: string, body: unknown, options: ArmCallOptions): Promise<unknown>;
}

export interface AbortOption {
  readonly abortSignal?: AbortSignal;
}

export interface ArmCallOptions extends AbortOption {
  readonly apiVersion: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** How far sending one asset has come. */
export interface UploadProgress {
  /** What is being sent, as the user named it: a path. */
  readonly path: string;
  readonly activity: 'hashing' | 'sending' | 'unchanged' | 'done';
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly filesDone: number;
  readonly filesTotal: number;
}
