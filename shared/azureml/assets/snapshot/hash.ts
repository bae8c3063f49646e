import { createHash, type Hash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { byCodePoint } from '../../yaml/document/python.ts';
import type { AbortOption } from '../services.ts';
import { eachChunk } from './bytes.ts';
import type { Snapshot, SnapshotFile } from './walk.ts';

/** The hash code versions are found by again; the service keeps it as `hash_sha256` with this version of the procedure. */
export const CONTENT_HASH_VERSION = '202208';

export interface HashOptions extends AbortOption {
  /** Called with the bytes of each file as they pass by. */
  readonly onBytes?: (count: number) => void;
  /** Called with the SHA-256 (hex) of each file, which is computed only if somebody asks. */
  readonly onDigest?: (file: SnapshotFile, sha256: string) => void;
}

/** A hash of a snapshot, and the MD5 of each file (base64), which the storage checks them by. */
export interface HashedSnapshot {
  readonly hash: string;
  readonly md5: ReadonlyMap<SnapshotFile, string>;
}

/**
 * Content hash 202208: the number of files, then `#name#size` of each, then the bytes of each, in the order of their
 * names in small letters.
 */
export async function contentHash(snapshot: Snapshot, options: HashOptions = {}): Promise<HashedSnapshot> {
  const files = [...snapshot.files].sort((a, b) => byCodePoint(a.name.toLowerCase(), b.name.toLowerCase()));
  const hash = createHash('sha256').update(String(files.length));
  for (const file of files) hash.update(`#${file.name}#${file.sizeInBytes}`);
  const md5 = new Map<SnapshotFile, string>();
  for (const file of files) md5.set(file, await hashFile(file, hash, options));
  return { hash: hash.digest('hex'), md5 };
}

const SEED = 'Initialize for october 2021 AML CLI version';

/**
 * The hash that names a folder under `LocalUpload/`: a seed, then for each entry of a folder, in the order of the names
 * in small letters, its name followed by its bytes or its own entries.
 */
export async function objectHash(snapshot: Snapshot, options: HashOptions = {}): Promise<HashedSnapshot> {
  const hash = createHash('sha256').update(SEED);
  const md5 = new Map<SnapshotFile, string>();
  const bySource = new Map(snapshot.files.map((file) => [file.source, file]));
  const file = async (source: string): Promise<void> => {
    const known = bySource.get(source) ?? { source, name: source, sizeInBytes: (await stat(source)).size };
    md5.set(known, await hashFile(known, hash, options));
  };
  const base = await realpath(snapshot.root);
  if (snapshot.isFolder) await hashFolder(base, { base, hash, file, rules: snapshot.rules });
  else await file(base);
  return { hash: hash.digest('hex'), md5: spread(md5, snapshot) };
}

interface FolderWork {
  readonly base: string;
  readonly hash: Hash;
  readonly rules: Snapshot['rules'];
  readonly file: (source: string) => Promise<void>;
}

async function hashFolder(folder: string, work: FolderWork): Promise<void> {
  const names = (await readdir(folder)).sort((a, b) => byCodePoint(a.toLowerCase(), b.toLowerCase()));
  for (const name of names) {
    const entry = path.join(folder, name);
    if (work.rules.isIgnored(path.relative(work.base, entry).replaceAll(path.sep, '/'))) continue;
    work.hash.update(name);
    const real = await realpath(entry);
    if ((await stat(real)).isDirectory()) await hashFolder(real, work);
    else await work.file(real);
  }
}

/** A file behind several links was hashed once for each; all of them are the same bytes. */
function spread(md5: ReadonlyMap<SnapshotFile, string>, snapshot: Snapshot): Map<SnapshotFile, string> {
  const bySource = new Map([...md5].map(([file, value]) => [file.source, value]));
  return new Map(
    snapshot.files.flatMap((file) => {
      const value = bySource.get(file.source);
      return value === undefined ? [] : [[file, value] as const];
    }),
  );
}

/** Puts a file's bytes into a running hash and answers with its own MD5. */
async function hashFile(file: SnapshotFile, hash: Hash, options: HashOptions): Promise<string> {
  const md5 = createHash('md5');
  const own = options.onDigest && createHash('sha256');
  await eachChunk(
    file,
    (chunk) => {
      hash.update(chunk);
      md5.update(chunk);
      own?.update(chunk);
      options.onBytes?.(chunk.byteLength);
    },
    options,
  );
  if (own) options.onDigest?.(file, own.digest('hex'));
  return md5.digest('base64');
}
