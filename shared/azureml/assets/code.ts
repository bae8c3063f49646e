import { randomUUID } from 'node:crypto';
import { Problem } from '../../problem/index.ts';
import type { LocalCode } from '../yaml/index.ts';
import { itemsOf, textAt } from './answers.ts';
import { abortOf, CODE_LIMIT_IN_BYTES, type SendingContext } from './context.ts';
import { contentHash, CONTENT_HASH_VERSION, type HashedSnapshot } from './snapshot/hash.ts';
import { hashingProgress, warnAboutLinks } from './snapshot/telling.ts';
import { codeSnapshot } from './snapshot/code.ts';
import type { Snapshot } from './snapshot/walk.ts';
import { sendSnapshot } from './upload/snapshot.ts';

/** Sends code unless the service has the same bytes already; answers with the ARM id of the code version. */
export async function sendCode(code: LocalCode, context: SendingContext): Promise<string> {
  const snapshot = await codeSnapshot(code);
  checkSize(snapshot, code, context.codeLimitInBytes ?? CODE_LIMIT_IN_BYTES);
  warnAboutLinks(snapshot, code.place, context);
  const hashed = await contentHash(snapshot, {
    ...abortOf(context),
    ...hashingProgress(snapshot, context.services),
  });
  const name = randomUUID();
  const known = await findByHash(name, hashed.hash, context);
  if (known !== undefined) {
    tellUnchanged(snapshot, context);
    return known;
  }
  return upload(snapshot, hashed, { name, context });
}

function checkSize(snapshot: Snapshot, { path: folder, place }: LocalCode, limit: number): void {
  const size = snapshot.files.reduce((sum, file) => sum + file.sizeInBytes, 0);
  if (size <= limit) return;
  const largest = [...snapshot.files].sort((a, b) => b.sizeInBytes - a.sizeInBytes)[0]!;
  throw new Problem({
    code: 'file',
    message: `The code in ${folder} has ${megabytes(size)} in ${snapshot.files.length} files; at most ${megabytes(limit)} are sent. The largest is ${largest.name} with ${megabytes(largest.sizeInBytes)}.`,
    next: 'Leave data and build results out with .amlignore, and give data as an input of the job.',
    place,
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/** A code version with the same bytes, whatever its name: the list by hash is not limited to one name. */
async function findByHash(name: string, hash: string, context: SendingContext): Promise<string | undefined> {
  const query = { hash, hashVersion: CONTENT_HASH_VERSION };
  const answer = await context.services.arm.get(`codes/${name}/versions`, context.call(query));
  const [first] = itemsOf(answer);
  return first === undefined ? undefined : textAt(first, 'id');
}

function tellUnchanged(snapshot: Snapshot, { services }: SendingContext): void {
  const bytes = snapshot.files.reduce((sum, file) => sum + file.sizeInBytes, 0);
  const files = snapshot.files.length;
  services.onProgress?.({
    path: snapshot.root,
    activity: 'unchanged',
    bytesDone: 0,
    bytesTotal: bytes,
    filesDone: 0,
    filesTotal: files,
  });
}

async function upload(
  snapshot: Snapshot,
  hashed: HashedSnapshot,
  { name, context }: { name: string; context: SendingContext },
): Promise<string> {
  const { arm, openContainer, onProgress } = context.services;
  const body = { pendingUploadType: 'TemporaryBlobReference' };
  const pending = await arm.post(`codes/${name}/versions/1/startPendingUpload`, body, context.call());
  const blobUri = textAt(pending, 'blobReferenceForConsumption', 'blobUri');
  const sasUri = textAt(pending, 'blobReferenceForConsumption', 'credential', 'sasUri');
  const folder = snapshot.isFolder ? snapshot.name : '';
  const mark = await sendSnapshot(snapshot, hashed, {
    container: openContainer(sasUri),
    prefix: folder,
    mark: { name, version: '1' },
    label: snapshot.root,
    ...(onProgress && { onProgress }),
    ...abortOf(context),
  });
  // A service that gave the same container again has the code of that earlier mark in it.
  const version = `codes/${mark.name || name}/versions/${mark.version || '1'}`;
  const created = await arm.put(version, codeVersion(`${blobUri}/${folder}`, hashed.hash), context.call());
  return textAt(created, 'id');
}

function codeVersion(codeUri: string, hash: string): unknown {
  const properties = { hash_sha256: hash, hash_version: CONTENT_HASH_VERSION };
  return { properties: { codeUri, isAnonymous: true, properties } };
}
