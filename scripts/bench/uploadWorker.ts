/** One upload in a process of its own; started by upload.ts, answers on stdout. */
import { BlockBlobClient, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { readFile } from 'node:fs/promises';
import { sideBySide } from '../../shared/azureml/assets/concurrency.ts';
import { contentHash } from '../../shared/azureml/assets/snapshot/hash.ts';
import { takeSnapshot, type Snapshot, type SnapshotFile } from '../../shared/azureml/assets/snapshot/walk.ts';
import { sendSnapshot } from '../../shared/azureml/assets/upload/snapshot.ts';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';
import { answer, connectTo, peakMemory } from './workerClient.ts';

export interface UploadWork {
  readonly by: 'client' | 'library';
  readonly source: string;
  readonly prefix: string;
}

export interface UploadResult {
  readonly hashingInMs: number;
  readonly sendingInMs: number;
  readonly peakMemoryInBytes: number;
}

const MEBIBYTE = 1024 ** 2;
/** What the tasks' client does: upload/blobs.ts. */
const SMALL_AT_ONCE = 16;
const BLOCKS = { blockSize: 8 * MEBIBYTE, concurrency: 8, maxSingleShotSize: 4 * MEBIBYTE };

const { work, address } = JSON.parse(process.env['BENCH_WORK'] ?? '') as {
  readonly work: UploadWork;
  readonly address: WorkspaceAddress;
};

async function main(): Promise<UploadResult> {
  const snapshot = await takeSnapshot(work.source, { file: work.source });
  const client = connectTo(address);
  const container = await client.datastores.open('workspaceblobstore');
  return work.by === 'client'
    ? byClient(snapshot, container)
    : byLibrary(snapshot, `${address.blobUrl}/${container.containerName}`, client);
}

async function byClient(snapshot: Snapshot, container: ContainerClient): Promise<UploadResult> {
  const started = performance.now();
  const hashed = await contentHash(snapshot);
  const hashingInMs = performance.now() - started;
  const target = {
    container,
    prefix: work.prefix,
    mark: { name: work.prefix, version: '1' },
    label: work.prefix,
  };
  await sendSnapshot(snapshot, hashed, target);
  const sendingInMs = performance.now() - started - hashingInMs;
  return { hashingInMs, sendingInMs, peakMemoryInBytes: peakMemory() };
}

async function byLibrary(
  snapshot: Snapshot,
  url: string,
  client: ReturnType<typeof connectTo>,
): Promise<UploadResult> {
  const credential = await keyOf(client);
  const container = new ContainerClient(url, credential);
  const started = performance.now();
  await sideBySide(snapshot.files, SMALL_AT_ONCE, (file) =>
    plainUpload(container.getBlockBlobClient(`${work.prefix}/${file.name}`), file),
  );
  return { hashingInMs: 0, sendingInMs: performance.now() - started, peakMemoryInBytes: peakMemory() };
}

async function plainUpload(blob: BlockBlobClient, file: SnapshotFile): Promise<unknown> {
  if (file.sizeInBytes > BLOCKS.maxSingleShotSize) return blob.uploadFile(file.source, BLOCKS);
  return blob.uploadData(await readFile(file.source));
}

async function keyOf({
  arm,
  workspaceId,
}: ReturnType<typeof connectTo>): Promise<StorageSharedKeyCredential> {
  const path = `${workspaceId}/datastores/workspaceblobstore`;
  const { body } = await arm.send('Reading the key', 'POST', `${path}/listSecrets`, {});
  const datastore = await arm.send('Reading the datastore', 'GET', path);
  const account = (datastore.body as { properties: { accountName: string } }).properties.accountName;
  return new StorageSharedKeyCredential(account, (body as { key: string }).key);
}

answer(main());
