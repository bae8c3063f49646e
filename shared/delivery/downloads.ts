import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AzureML, BlobPlace } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';

/** Downloads the file or folder at a place into a folder; nothing is written outside it. Returns the number of files. */
export async function downloadPlace(
  client: AzureML,
  place: BlobPlace,
  options: { folder: string; abortSignal: AbortSignal },
): Promise<number> {
  let count = 0;
  for await (const file of client.blobs.list(place, { abortSignal: options.abortSignal })) {
    const target = path.resolve(options.folder, file.path);
    if (!target.startsWith(path.resolve(options.folder) + path.sep)) throw outside(file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await pipeline(
      client.blobs.stream(file.place, { abortSignal: options.abortSignal }),
      createWriteStream(target),
      { signal: options.abortSignal },
    );
    count += 1;
  }
  return count;
}

function outside(name: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The stored name '${name}' points outside the download folder.`,
    next: 'Remove that blob from the storage.',
  });
}
