import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DownloadResult, DownloadWork } from './downloadWorker.ts';
import { asMegabytes, asRatio, asSeconds, atLeast, atMost, type Bench, type Figure } from './figure.ts';
import { bundleWorker, makeLarge, runWorker } from './worker.ts';
import { inFolder, startWorkspaceProcess } from './workspaceProcess.ts';

const MEBIBYTE = 1024 ** 2;
const LARGE_IN_BYTES = 1024 * MEBIBYTE;
const SMALLEST_RATIO = 0.8;
const LARGEST_MEMORY_IN_BYTES = 250 * MEBIBYTE;
const ROUNDS = 3;

/** Bringing a model's file as DownloadModel does, hashed meanwhile, against the storage library alone. */
export const download: Bench = {
  name: 'download',
  title: 'Download',
  measure: () => inFolder(measureIn),
};

async function measureIn(folder: string): Promise<Figure[]> {
  const worker = await bundleWorker('downloadWorker', folder);
  const source = await makeLarge(folder, LARGE_IN_BYTES);
  const workspace = await startWorkspaceProcess(path.join(folder, 'workspace'));
  try {
    const work = async (one: Omit<DownloadWork, 'source' | 'target'>): Promise<DownloadResult> => {
      const target = path.join(folder, 'target');
      const result = await runWorker(worker, { ...one, source, target }, workspace);
      await rm(target, { recursive: true, force: true });
      return result as DownloadResult;
    };
    await work({ by: 'upload' });
    const results: Record<'client' | 'library', DownloadResult[]> = { client: [], library: [] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const by of ['library', 'client'] as const) results[by].push(await work({ by }));
    return figuresOf(results.client, results.library);
  } finally {
    await workspace.stop();
  }
}

function figuresOf(ours: readonly DownloadResult[], library: readonly DownloadResult[]): Figure[] {
  const best = (results: readonly DownloadResult[]): number =>
    Math.min(...results.map((one) => one.timeInMs));
  const memory = Math.max(...ours.map((one) => one.peakMemoryInBytes));
  return [
    { what: '1 GB in one file: @azure/storage-blob alone', value: asSeconds(best(library)) },
    { what: '1 GB in one file: DownloadModel, hashed', value: asSeconds(best(ours)) },
    atLeast(
      "1 GB in one file: rate against the library's",
      best(library) / best(ours),
      SMALLEST_RATIO,
      asRatio,
    ),
    atMost('1 GB in one file: peak memory', memory, LARGEST_MEMORY_IN_BYTES, asMegabytes),
  ];
}
