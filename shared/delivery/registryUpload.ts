import { createHash, type Hash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { sideBySide } from '../azureml/assets/concurrency.ts';
import type { AzureML, RegistryStorage } from '../azureml/index.ts';
import type { RecordedFile } from '../evidence/index.ts';
import { messageOf, Problem } from '../problem/index.ts';
import { listFiles } from './downloads.ts';
import type { ModelSource } from './modelSource.ts';

const FILES_AT_ONCE = 4;
const BLOCK_IN_BYTES = 8 * 1024 ** 2;
/** At most 64 MB are in memory at once. */
const BLOCKS_AT_ONCE = 2;
/** The reference client, too, puts the files into a folder of the room it is given. */
const FOLDER = 'model';

interface AbortOption {
  readonly abortSignal: AbortSignal;
}

/**
 * Streams files, which have been hashed, from this machine or the workspace's storage into a registry's, and hashes
 * them again on the way. Gives the address they are registered by.
 */
export async function sendToRegistry(
  client: AzureML,
  { source, files }: { readonly source: ModelSource; readonly files: readonly RecordedFile[] },
  room: RegistryStorage,
  { abortSignal }: AbortOption,
): Promise<string> {
  const read = await readerOf(client, source, { abortSignal });
  const prefix = [room.place.path, FOLDER].filter(Boolean).join('/');
  await sideBySide(files, FILES_AT_ONCE, async (file) => {
    abortSignal.throwIfAborted();
    const hash = createHash('sha256');
    const blob = room.container.getBlockBlobClient(`${prefix}/${file.path}`);
    const bytes = Readable.from(hashed(read(file.path), hash));
    try {
      await blob.uploadStream(bytes, BLOCK_IN_BYTES, BLOCKS_AT_ONCE, { abortSignal });
    } catch (error) {
      throw notSent(file.path, error, abortSignal);
    }
    if (hash.digest('hex') !== file.sha256) throw changedMeanwhile(file.path);
  });
  return `${room.uri}/${FOLDER}`;
}

type Reader = (file: string) => AsyncIterable<Uint8Array>;

async function readerOf(client: AzureML, source: ModelSource, options: AbortOption): Promise<Reader> {
  if (source.kind === 'local') {
    const isFolder = statSync(source.path).isDirectory();
    return (file) => createReadStream(isFolder ? path.join(source.path, file) : source.path);
  }
  const stored = await listFiles(client.blobs, source.place, options);
  const places = new Map(stored.map((file) => [file.path, file.place]));
  return (file) => {
    const place = places.get(file);
    if (!place) throw changedMeanwhile(file);
    return client.blobs.stream(place, options);
  };
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

function notSent(file: string, cause: unknown, abortSignal: AbortSignal): unknown {
  if (cause instanceof Problem || abortSignal.aborted) return cause;
  return new Problem({
    code: 'storage',
    message: `Sending '${file}' to the registry failed.`,
    next: "Check that the agent reaches the registry's storage account (firewall, private endpoint) and that the identity may write to the registry.",
    reply: { message: messageOf(cause).split('\n')[0] ?? '' },
    cause,
  });
}

function changedMeanwhile(file: string): Problem {
  return new Problem({
    code: 'model',
    message: `The file '${file}' changed while it was sent to the registry.`,
    place: { input: 'source' },
    next: 'Run the step again when nothing writes to it.',
  });
}
