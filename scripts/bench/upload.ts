import { randomFillSync } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asMegabytes, asRatio, asSeconds, atLeast, atMost, type Bench, type Figure } from './figure.ts';
import type { UploadResult, UploadWork } from './uploadWorker.ts';
import { bundleWorker, makeLarge, runWorker } from './worker.ts';
import { inFolder, startWorkspaceProcess } from './workspaceProcess.ts';

const MEBIBYTE = 1024 ** 2;
const LARGE_IN_BYTES = 1024 * MEBIBYTE;
const SMALL_FILES = 10_000;
const SMALL_IN_BYTES = 2048;
const SMALLEST_RATIO = 0.8;
const LARGEST_MEMORY_IN_BYTES = 250 * MEBIBYTE;
const ROUNDS = 2;

/** Sending files by the tasks' client, against the storage library alone, to the same storage. */
export const upload: Bench = {
  name: 'upload',
  title: 'Upload',
  measure: () =>
    inFolder(async (folder) => {
      const worker = await bundleWorker('uploadWorker', folder);
      const large = await makeLarge(folder, LARGE_IN_BYTES);
      const small = await makeSmall(folder);
      const many = `${SMALL_FILES.toLocaleString('en')} files of 2 kB`;
      return [
        ...(await compare('1 GB in one file', large, { worker, folder })),
        ...(await compare(many, small, { worker, folder })),
      ];
    }),
};

interface Setting {
  readonly worker: string;
  readonly folder: string;
}

async function compare(what: string, source: string, bench: Setting): Promise<Figure[]> {
  const ours: UploadResult[] = [];
  const library: UploadResult[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    library.push(await send({ by: 'library', source, prefix: `library-${round}` }, bench));
    ours.push(await send({ by: 'client', source, prefix: `client-${round}` }, bench));
  }
  const best = (results: readonly UploadResult[]): number =>
    Math.min(...results.map((one) => one.sendingInMs));
  const memory = Math.max(...ours.map((one) => one.peakMemoryInBytes));
  const hashing = Math.min(...ours.map((one) => one.hashingInMs));
  return [
    { what: `${what}: @azure/storage-blob alone`, value: asSeconds(best(library)) },
    { what: `${what}: hashing`, value: asSeconds(hashing) },
    { what: `${what}: sending`, value: asSeconds(best(ours)) },
    atLeast(`${what}: rate against the library's`, best(library) / best(ours), SMALLEST_RATIO, asRatio),
    atMost(`${what}: peak memory`, memory, LARGEST_MEMORY_IN_BYTES, asMegabytes),
  ];
}

/** To a storage of its own, since Azurite slows down with every blob it keeps. */
async function send(work: UploadWork, { worker, folder }: Setting): Promise<UploadResult> {
  const dataFolder = path.join(folder, work.prefix);
  const workspace = await startWorkspaceProcess(dataFolder);
  try {
    return (await runWorker(worker, work, workspace)) as UploadResult;
  } finally {
    await workspace.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function makeSmall(folder: string): Promise<string> {
  const root = path.join(folder, 'many');
  for (let part = 0; part < SMALL_FILES / 100; part += 1) {
    const place = path.join(root, String(part));
    await mkdir(place, { recursive: true });
    const block = randomFillSync(Buffer.allocUnsafe(SMALL_IN_BYTES));
    const names = Array.from({ length: 100 }, (_, index) => path.join(place, `${index}.txt`));
    await Promise.all(names.map((name) => writeFile(name, block)));
  }
  return root;
}
