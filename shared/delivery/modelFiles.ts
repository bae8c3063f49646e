import { createHash } from 'node:crypto';
import type { AzureML, BlobFile, BlobPlace } from '../azureml/index.ts';
import type { RecordedFile } from '../evidence/index.ts';

/** Streams at once; enough to fill a connection, few enough to keep memory level. */
const PARALLEL = 4;

/** SHA-256 of every file below a place, read as a stream; nothing is written to disk. In the order of their paths. */
export async function hashStoredFiles(
  client: AzureML,
  place: BlobPlace,
  options: { readonly abortSignal: AbortSignal; readonly onFile?: (file: RecordedFile) => void },
): Promise<readonly RecordedFile[]> {
  const found: BlobFile[] = [];
  for await (const file of client.blobs.list(place, { abortSignal: options.abortSignal })) found.push(file);
  const hashed: RecordedFile[] = [];
  const queue = found[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      const done = await hashOne(client, file, options.abortSignal);
      options.onFile?.(done);
      hashed.push(done);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return hashed.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function hashOne(client: AzureML, file: BlobFile, abortSignal: AbortSignal): Promise<RecordedFile> {
  const hash = createHash('sha256');
  let sizeInBytes = 0;
  for await (const chunk of client.blobs.stream(file.place, { abortSignal })) {
    hash.update(chunk);
    sizeInBytes += chunk.length;
  }
  return { path: file.path, sizeInBytes, sha256: hash.digest('hex') };
}
