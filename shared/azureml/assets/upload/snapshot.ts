import { RestError, type ContainerClient } from '@azure/storage-blob';
import { Problem, messageOf } from '../../../problem/index.ts';
import type { HashedSnapshot } from '../snapshot/hash.ts';
import type { Snapshot, SnapshotFile } from '../snapshot/walk.ts';
import type { AbortOption, UploadProgress } from '../services.ts';
import { sendBlobs, type BlobSource } from './blobs.ts';

/** What the storage remembers of a finished upload, on the first of its blobs. */
export interface UploadMark {
  readonly name: string;
  readonly version: string;
}

export interface SnapshotTarget extends AbortOption {
  readonly container: ContainerClient;
  /** Where in the container: '' or a path without a slash at its end. */
  readonly prefix: string;
  /** Written on the first blob once everything is there, so that the next one sends nothing. */
  readonly mark: UploadMark;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly label: string;
}

/** Sends a snapshot unless it is there whole already; answers with the mark that is on it in the end. */
export async function sendSnapshot(
  snapshot: Snapshot,
  hashed: HashedSnapshot,
  target: SnapshotTarget,
): Promise<UploadMark> {
  const files = blobsOf(snapshot.files, hashed, target.prefix);
  const indicator = files[0]!;
  const progress = progressOf(files, target);
  const earlier = await readMark(target.container, indicator, target);
  if (earlier.state === 'complete') {
    progress('unchanged');
    return earlier.mark;
  }
  progress('sending');
  await sendBlobs(target.container, files, {
    overwrite: earlier.state === 'partial',
    ...(target.abortSignal && { abortSignal: target.abortSignal }),
    onBytes: (count) => progress('sending', { bytes: count }),
    onFile: () => progress('sending', { files: 1 }),
  });
  const { name, version } = target.mark;
  await target.container
    .getBlobClient(indicator.blob)
    .setMetadata(
      { upload_status: 'completed', name, version },
      target.abortSignal ? { abortSignal: target.abortSignal } : {},
    );
  progress('done');
  return target.mark;
}

/** The first carries the mark. */
function blobsOf(files: readonly SnapshotFile[], hashed: HashedSnapshot, prefix: string): BlobSource[] {
  return files.map((file) => ({
    source: file.source,
    blob: prefix === '' ? file.name : `${prefix}/${file.name}`,
    sizeInBytes: file.sizeInBytes,
    md5: hashed.md5.get(file),
  }));
}

type EarlierUpload =
  { readonly state: 'none' | 'partial' } | { readonly state: 'complete'; readonly mark: UploadMark };

async function readMark(
  container: ContainerClient,
  indicator: BlobSource,
  { abortSignal }: AbortOption,
): Promise<EarlierUpload> {
  try {
    const found = await container
      .getBlobClient(indicator.blob)
      .getProperties(abortSignal ? { abortSignal } : {});
    const { upload_status: status, name, version } = found.metadata ?? {};
    if (status !== 'completed') return { state: 'partial' };
    return { state: 'complete', mark: { name: name ?? '', version: version ?? '' } };
  } catch (cause) {
    if (cause instanceof RestError && cause.statusCode === 404) return { state: 'none' };
    if (cause instanceof Problem || !(cause instanceof RestError)) throw cause;
    throw new Problem({
      code: 'storage',
      message: 'The storage of the workspace could not be asked what it has already.',
      next: 'Check that the agent can reach the storage account and that the identity or key may read and write it.',
      reply: {
        ...(cause.statusCode !== undefined && { status: cause.statusCode }),
        message: messageOf(cause),
      },
      cause,
    });
  }
}

type Report = (activity: UploadProgress['activity'], more?: { bytes?: number; files?: number }) => void;

function progressOf(files: readonly BlobSource[], target: SnapshotTarget): Report {
  const bytesTotal = files.reduce((sum, file) => sum + file.sizeInBytes, 0);
  let bytesDone = 0;
  let filesDone = 0;
  return (activity, more = {}) => {
    bytesDone += more.bytes ?? 0;
    filesDone += more.files ?? 0;
    target.onProgress?.({
      path: target.label,
      activity,
      bytesDone,
      bytesTotal,
      filesDone,
      filesTotal: files.length,
    });
  };
}
