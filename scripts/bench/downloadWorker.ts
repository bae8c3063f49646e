/** One download in a process of its own; started by download.ts, answers on stdout. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';
import { downloadFiles } from '../../shared/delivery/download/files.ts';
import { listFiles } from '../../shared/delivery/downloads.ts';
import { answer, connectTo, peakMemory } from './workerClient.ts';

export interface DownloadWork {
  readonly by: 'upload' | 'client' | 'library';
  readonly source: string;
  readonly target: string;
}

export interface DownloadResult {
  readonly timeInMs: number;
  readonly peakMemoryInBytes: number;
}

const PLACE = { datastore: 'workspaceblobstore', path: 'bench' };

const { work, address } = JSON.parse(process.env['BENCH_WORK'] ?? '') as {
  readonly work: DownloadWork;
  readonly address: WorkspaceAddress;
};

async function main(): Promise<DownloadResult> {
  const client = connectTo(address);
  const container = await client.datastores.open(PLACE.datastore);
  const blob = container.getBlockBlobClient(`${PLACE.path}/model.bin`);
  await mkdir(work.target, { recursive: true });
  const abortSignal = new AbortController().signal;
  const started = performance.now();
  switch (work.by) {
    case 'upload':
      await blob.uploadFile(work.source, { blockSize: 8 * 1024 ** 2, concurrency: 8 });
      break;
    case 'library':
      await blob.downloadToFile(path.join(work.target, 'model.bin'));
      break;
    case 'client': {
      const files = await listFiles(client.blobs, PLACE, { abortSignal });
      await downloadFiles(files, work.target, { blobs: client.blobs, abortSignal });
    }
  }
  return { timeInMs: performance.now() - started, peakMemoryInBytes: peakMemory() };
}

answer(main());
