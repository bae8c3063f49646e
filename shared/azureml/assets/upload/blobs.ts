import { readFile } from 'node:fs/promises';
import { RestError, type BlockBlobClient, type ContainerClient } from '@azure/storage-blob';
import { Problem, messageOf } from '../../../problem/index.ts';
import { sideBySide } from '../concurrency.ts';
import type { AbortOption } from '../services.ts';

const MEBIBYTE = 1024 * 1024;
/** Files up to this size go in one request each; larger ones in blocks. */
const SINGLE_REQUEST = 4 * MEBIBYTE;
const BLOCK = 8 * MEBIBYTE;
/** At most 16 small files (64 MB) or 8 blocks (64 MB) are in memory at once. */
const SMALL_FILES_AT_ONCE = 16;
const BLOCKS_AT_ONCE = 8;

export interface BlobSource {
  readonly source: string;
  readonly blob: string;
  readonly sizeInBytes: number;
  /** Base64; the storage refuses bytes that do not have it. */
  readonly md5: string | undefined;
}

export interface SendOptions extends AbortOption {
  /** Whether blobs that are there already may be replaced. */
  readonly overwrite: boolean;
  /** Called with the bytes that have arrived since the last call. */
  readonly onBytes?: (count: number) => void;
  readonly onFile?: (file: BlobSource) => void;
}

/** Sends files to a container: small ones side by side, large ones after another in blocks side by side. */
export async function sendBlobs(
  container: ContainerClient,
  files: readonly BlobSource[],
  options: SendOptions,
): Promise<void> {
  const send = async (file: BlobSource): Promise<void> => {
    options.abortSignal?.throwIfAborted();
    await sendBlob(container.getBlockBlobClient(file.blob), file, options);
    options.onFile?.(file);
  };
  await sideBySide(files.filter(isSmall), SMALL_FILES_AT_ONCE, send);
  for (const file of files.filter((candidate) => !isSmall(candidate))) await send(file);
}

function isSmall(file: BlobSource): boolean {
  return file.sizeInBytes <= SINGLE_REQUEST;
}

async function sendBlob(client: BlockBlobClient, file: BlobSource, options: SendOptions): Promise<void> {
  try {
    await put(client, file, options);
  } catch (error) {
    // An earlier attempt was cut off after this blob; its name holds the hash of the bytes, so it may be replaced.
    if (isThere(error) && !options.overwrite) await put(client, file, { ...options, overwrite: true });
    else throw uploadProblem(file, error);
  }
}

async function put(client: BlockBlobClient, file: BlobSource, options: SendOptions): Promise<void> {
  const shared = {
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
    ...(!options.overwrite && { conditions: { ifNoneMatch: '*' } }),
  };
  if (isSmall(file)) {
    const bytes = await readFile(file.source);
    if (bytes.byteLength !== file.sizeInBytes) throw changed(file);
    const md5 = file.md5 !== undefined &&
      bytes.byteLength > 0 && { transactionalContentMD5: Buffer.from(file.md5, 'base64') };
    await client.upload(bytes, bytes.byteLength, { ...shared, ...md5 });
    options.onBytes?.(bytes.byteLength);
    return;
  }
  let reported = 0;
  await client.uploadFile(file.source, {
    ...shared,
    blockSize: BLOCK,
    concurrency: BLOCKS_AT_ONCE,
    maxSingleShotSize: SINGLE_REQUEST,
    onProgress: ({ loadedBytes }) => {
      options.onBytes?.(loadedBytes - reported);
      reported = loadedBytes;
    },
    ...(file.md5 !== undefined && { blobHTTPHeaders: { blobContentMD5: Buffer.from(file.md5, 'base64') } }),
  });
}

function isThere(error: unknown): boolean {
  return error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);
}

function changed(file: BlobSource): Problem {
  return new Problem({
    code: 'file',
    message: `The file ${file.source} changed while it was being sent.`,
    next: 'Run again once nothing writes to it.',
    place: { file: file.source },
  });
}

function uploadProblem(file: BlobSource, cause: unknown): unknown {
  if (cause instanceof Problem || (cause instanceof Error && cause.name === 'AbortError')) return cause;
  if (cause instanceof RestError && cause.code === 'Md5Mismatch') return changed(file);
  const status = cause instanceof RestError ? cause.statusCode : undefined;
  const code = cause instanceof RestError ? cause.code : undefined;
  return new Problem({
    code: 'storage',
    message: `Sending ${file.source} to the storage failed.`,
    next: 'Check that the agent can reach the storage account and that the identity or key may write to it.',
    reply: {
      ...(status !== undefined && { status }),
      ...(code !== undefined && { code }),
      message: messageOf(cause).split('\n')[0] ?? '',
    },
    cause,
  });
}
