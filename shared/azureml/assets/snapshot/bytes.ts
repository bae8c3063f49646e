import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AbortOption } from '../services.ts';
import type { SnapshotFile } from './walk.ts';

const WHOLE_FILE = 1024 * 1024;

/** Hands a file's bytes over piece by piece, in order, never more than about a megabyte at a time. */
export async function eachChunk(
  file: Pick<SnapshotFile, 'source' | 'sizeInBytes'>,
  take: (chunk: Buffer) => void,
  { abortSignal }: AbortOption = {},
): Promise<void> {
  abortSignal?.throwIfAborted();
  if (file.sizeInBytes <= WHOLE_FILE) {
    take(await readFile(file.source));
    return;
  }
  const stream = createReadStream(file.source, {
    highWaterMark: WHOLE_FILE,
    ...(abortSignal && { signal: abortSignal }),
  });
  for await (const chunk of stream) take(chunk);
}
