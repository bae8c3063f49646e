import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ProblemPlace } from '../../problem/index.ts';
import { byCodePoint } from '../yaml/document/python.ts';
import { DEFAULT_DATASTORE } from '../yaml/references/local.ts';
import { abortOf, sendingContext, type SendingOptions } from './context.ts';
import { longAddress } from './localPath.ts';
import type { AbortOption, AssetServices } from './services.ts';
import { eachChunk } from './snapshot/bytes.ts';
import { objectHash } from './snapshot/hash.ts';
import { hashingProgress, warnAboutLinks } from './snapshot/telling.ts';
import { takeSnapshot, type Snapshot } from './snapshot/walk.ts';
import { sendSnapshot } from './upload/snapshot.ts';

export interface FileDigest {
  /** Relative to the model's root, with forward slashes. */
  readonly path: string;
  readonly sizeInBytes: number;
  readonly sha256: string;
}

export interface UploadModelOptions extends SendingOptions {
  /** Absolute path of a file or folder. */
  readonly path: string;
  readonly datastore?: string;
  /** Where the path was given, for messages. */
  readonly place?: ProblemPlace;
  /** Told about each file once its hash is known. */
  readonly onFile?: (file: FileDigest) => void;
}

export interface UploadedModel {
  readonly modelUri: string;
  /** In the order of their paths. */
  readonly files: readonly FileDigest[];
}

/** Streams a local file or folder to a datastore; reports the SHA-256 of every file as it goes. */
export async function uploadModel(
  options: UploadModelOptions,
  services: AssetServices,
): Promise<UploadedModel> {
  const context = sendingContext(services, options);
  const place = options.place ?? {};
  const datastore = options.datastore ?? DEFAULT_DATASTORE;
  const snapshot = await takeSnapshot(options.path, place);
  warnAboutLinks(snapshot, place, context);
  const sha256 = new Map<string, string>();
  const hashed = await objectHash(snapshot, {
    ...abortOf(context),
    ...hashingProgress(snapshot, services),
    onDigest: (file, hash) => sha256.set(file.source, hash),
  });
  const files = digests(snapshot, sha256, options.onFile);
  const folder = `LocalUpload/${hashed.hash}`;
  const name = path.basename(options.path);
  await sendSnapshot(snapshot, hashed, {
    container: await services.openDatastore(datastore, abortOf(context)),
    prefix: snapshot.isFolder ? `${folder}/${name}` : folder,
    mark: { name: randomUUID(), version: randomUUID() },
    label: options.path,
    ...(services.onProgress && { onProgress: services.onProgress }),
    ...abortOf(context),
  });
  return { modelUri: `${longAddress(services.workspaceId, datastore)}/${folder}/${name}`, files };
}

/** SHA-256 of every file under a path, without sending anything. */
export async function digestFiles(
  root: string,
  options: AbortOption & { readonly place?: ProblemPlace } = {},
): Promise<readonly FileDigest[]> {
  return digest(await takeSnapshot(root, options.place ?? {}), options);
}

/** The digests of a snapshot whose files were hashed by where they lie. */
function digests(
  snapshot: Snapshot,
  sha256: ReadonlyMap<string, string>,
  onFile: ((file: FileDigest) => void) | undefined,
): FileDigest[] {
  const found = inOrder(snapshot).map(({ name, source, sizeInBytes }) => ({
    path: name,
    sizeInBytes,
    sha256: sha256.get(source) ?? '',
  }));
  for (const file of found) onFile?.(file);
  return found;
}

function inOrder(snapshot: Snapshot): Snapshot['files'] {
  return [...snapshot.files].sort((a, b) => byCodePoint(a.name, b.name));
}

async function digest(snapshot: Snapshot, options: AbortOption): Promise<FileDigest[]> {
  const found: FileDigest[] = [];
  for (const file of inOrder(snapshot)) {
    const hash = createHash('sha256');
    await eachChunk(file, (chunk) => hash.update(chunk), options);
    found.push({ path: file.name, sizeInBytes: file.sizeInBytes, sha256: hash.digest('hex') });
  }
  return found;
}
