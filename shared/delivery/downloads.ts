import type { AzureML, BlobFile, Blobs, BlobPlace } from '../azureml/index.ts';
import { downloadFiles } from './download/files.ts';

interface AbortOption {
  readonly abortSignal: AbortSignal;
}

/** Downloads the file or folder at a place into a folder; nothing is written outside it. Returns the number of files. */
export async function downloadPlace(
  client: AzureML,
  place: BlobPlace,
  { folder, abortSignal }: AbortOption & { readonly folder: string },
): Promise<number> {
  const files = await listFiles(client.blobs, place, { abortSignal });
  if (files.length > 0) await downloadFiles(files, folder, { blobs: client.blobs, abortSignal });
  return files.length;
}

/** Every file at or below a place, in the order of their paths. */
export async function listFiles(
  blobs: Blobs,
  place: BlobPlace,
  options: AbortOption,
): Promise<readonly BlobFile[]> {
  const files: BlobFile[] = [];
  for await (const file of blobs.list(place, options)) files.push(file);
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}
