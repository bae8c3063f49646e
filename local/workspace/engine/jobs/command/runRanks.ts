import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobFolders } from './folders.ts';
import { type ProcessEnd, runProcess } from './process.ts';
import { markOf, type ProcessMark } from './processGroup.ts';
import type { Rank } from './ranks.ts';

export interface RanksOptions {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ranks: readonly Rank[];
  readonly folders: JobFolders;
  readonly timeoutInMs?: number;
  readonly signal: AbortSignal;
}

/** How a job's processes ended: all well, or as the first that did not, with its log. */
export interface RanksEnd extends ProcessEnd {
  readonly log: string;
}

/** Runs every process of a job side by side. The first that fails ends the others; servers end when the workers have. */
export async function runRanks(options: RanksOptions): Promise<RanksEnd> {
  const { ranks, signal } = options;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const keep = marksKeeper(options.folders.processFile);
  let failed: RanksEnd | undefined;
  const run = async (rank: Rank): Promise<RanksEnd> => {
    const end = { ...(await runOne(options, rank, keep, either)), log: rank.log };
    if (end.endedBy === 'timeout' || (end.endedBy === 'itself' && end.code !== 0)) {
      failed ??= end;
      over.abort();
    }
    return end;
  };
  const servers = ranks.filter(({ isServer }) => isServer).map(run);
  const workers = await Promise.all(ranks.filter(({ isServer }) => !isServer).map(run)).finally(() => {
    over.abort();
  });
  await Promise.all(servers);
  const [first] = workers;
  if (!first) throw new Error('A job has at least one process.');
  return failed ?? workers.find((end) => end.endedBy === 'cancel') ?? first;
}

function runOne(
  { command, environment, folders, timeoutInMs }: RanksOptions,
  rank: Rank,
  onStarted: (pid: number) => Promise<void>,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  return runProcess({
    command,
    environment: { ...environment, ...rank.variables },
    folder: folders.work,
    logFile: path.join(folders.root, rank.log),
    onStarted,
    signal,
    ...(timeoutInMs === undefined ? {} : { timeoutInMs }),
  });
}

/** Keeps on disk who was started, so that a later life of the workspace can end them. */
function marksKeeper(file: string): (pid: number) => Promise<void> {
  const marks: ProcessMark[] = [];
  let written = Promise.resolve();
  return async (pid) => {
    marks.push(await markOf(pid));
    written = written.then(() => writeWhole(file, JSON.stringify(marks)));
    await written;
  };
}

/** A kill in the midst of it leaves the marks of before, never half of them. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
