import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, rm, writeFile } from 'node:fs/promises';
import { sideBySide } from '../../azureml/assets/concurrency.ts';
import type { BlobFile, Blobs } from '../../azureml/index.ts';
import type { RecordedFile } from '../../evidence/index.ts';
import { Problem } from '../../problem/index.ts';
import { fetchInBlocks } from './blocks.ts';
import { openTargetFolder, type TargetFolder } from './folder.ts';
import { requireSafeNames } from './names.ts';

/** Files up to this size come in one request each; larger ones in blocks. */
const SINGLE_REQUEST_IN_BYTES = 4 * 1024 ** 2;
/** At most 64 MB of small files are in memory at once. */
const SMALL_FILES_AT_ONCE = 16;

export interface DownloadSetting {
  readonly blobs: Blobs;
  readonly abortSignal: AbortSignal;
  /** What is known of a file's bytes before they come: other bytes are never put into the folder. */
  readonly expected?: (path: string) => string | undefined;
  /** Told the bytes that are there since the last call. */
  readonly onBytes?: (count: number) => void;
}

interface Download extends DownloadSetting {
  readonly folder: TargetFolder;
  readonly onBytes: (count: number) => void;
}

/**
 * Downloads files into a folder, side by side, and gives their hashes in the order of the files. Run again after any
 * interruption, it fetches what is missing. Nothing is written outside the folder.
 */
export async function downloadFiles(
  files: readonly BlobFile[],
  folder: string,
  setting: DownloadSetting,
): Promise<readonly RecordedFile[]> {
  requireSafeNames(files.map(({ path }) => path));
  const download = { onBytes: () => undefined, ...setting, folder: await openTargetFolder(folder) };
  const fetched = new Map<string, RecordedFile>();
  const wrong: string[] = [];
  const fetchOne = async (file: BlobFile): Promise<void> => {
    setting.abortSignal.throwIfAborted();
    const sha256 = await bring(file, download);
    if (sha256 === undefined) wrong.push(file.path);
    else fetched.set(file.path, { path: file.path, sizeInBytes: file.sizeInBytes, sha256 });
  };
  await sideBySide(files.filter(isSmall), SMALL_FILES_AT_ONCE, fetchOne);
  for (const file of files) if (!isSmall(file)) await fetchOne(file);
  await download.folder.finish();
  if (wrong.length > 0) throw otherBytes(wrong.sort());
  return files.flatMap(({ path }) => fetched.get(path) ?? []);
}

function isSmall({ sizeInBytes }: BlobFile): boolean {
  return sizeInBytes <= SINGLE_REQUEST_IN_BYTES;
}

/** The hash of the file that is in its place now; undefined when the storage holds other bytes than expected. */
async function bring(file: BlobFile, download: Download): Promise<string | undefined> {
  const expected = download.expected?.(file.path);
  if (expected !== undefined && (await isThere(file, expected, download))) {
    download.onBytes(file.sizeInBytes);
    return expected;
  }
  const key = keyOf(file);
  const sha256 = await (isSmall(file) ? fetchWhole : fetchLarge)(file, key, {
    ...download,
    wanted: expected,
  });
  if (expected === undefined || sha256 === expected) {
    await download.folder.settle(key, file.path);
    await rm(`${download.folder.stagingPath(key)}.blocks`, { force: true });
    return sha256;
  }
  await discard(key, download);
  return undefined;
}

/** Names a version of a stored file: a staged part of another version is never continued. */
function keyOf({ place, etag, sizeInBytes }: BlobFile): string {
  return createHash('sha256')
    .update(JSON.stringify([place, etag, sizeInBytes]))
    .digest('hex')
    .slice(0, 32);
}

type Fetch = Download & { readonly wanted: string | undefined };

async function fetchWhole(file: BlobFile, key: string, { blobs, folder, ...fetch }: Fetch): Promise<string> {
  const buffer = Buffer.allocUnsafe(file.sizeInBytes);
  await blobs.fill(buffer, { ...file, offsetInBytes: 0 }, { abortSignal: fetch.abortSignal });
  const staged = folder.stagingPath(key);
  await rm(staged, { force: true });
  await writeFile(staged, buffer, { flag: 'wx' });
  fetch.onBytes(file.sizeInBytes);
  return createHash('sha256').update(buffer).digest('hex');
}

/** Parts left by an earlier attempt may have been spoilt: when the whole is wrong, it is fetched anew, once. */
async function fetchLarge(file: BlobFile, key: string, fetch: Fetch): Promise<string> {
  const staged = fetch.folder.stagingPath(key);
  const { sha256, isResumed } = await fetchInBlocks(file, staged, fetch);
  if (!isResumed || fetch.wanted === undefined || sha256 === fetch.wanted) return sha256;
  await discard(key, fetch);
  fetch.onBytes(-file.sizeInBytes);
  return (await fetchInBlocks(file, staged, fetch)).sha256;
}

async function discard(key: string, { folder }: Pick<Download, 'folder'>): Promise<void> {
  for (const file of [folder.stagingPath(key), `${folder.stagingPath(key)}.blocks`])
    await rm(file, { force: true });
}

/** Whether an earlier run brought the file already. */
async function isThere(
  { path, sizeInBytes }: BlobFile,
  expected: string,
  { folder, abortSignal }: Download,
): Promise<boolean> {
  const target = await folder.reach(path);
  const found = await lstat(target).catch(() => undefined);
  if (!found?.isFile() || found.size !== sizeInBytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(target, { signal: abortSignal })) hash.update(chunk as Buffer);
  return hash.digest('hex') === expected;
}

function otherBytes(paths: readonly string[]): Problem {
  const shown = paths.slice(0, 5).map((path) => `'${path}'`);
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return new Problem({
    code: 'model',
    message: `The storage holds other bytes than were registered: ${shown.join(', ')}${more}.`,
    next: 'Find out who may write to the storage of the workspace; register the model again from its job.',
  });
}
