import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import { isAlive } from '../address.ts';

interface Owner {
  readonly processId: number;
  /** When the process began, where the system tells: ids are used again after a reboot. */
  readonly startedAt?: string;
}

/** Makes this process the only one on the data folder; returns what gives it back. A lock left by a killed process is taken over. */
export async function takeLock(dataFolder: string): Promise<() => Promise<void>> {
  const file = path.join(dataFolder, 'lock');
  const startedAt = await startOf(process.pid);
  const mine: Owner = { processId: process.pid, ...(startedAt === undefined ? {} : { startedAt }) };
  const write = () => writeFile(file, JSON.stringify(mine), { flag: 'wx' }).then(() => true, alreadyThere);
  if (!(await write())) {
    const owner = await readOwner(file);
    if (owner && (await isRunning(owner))) throw inUse(dataFolder, owner);
    await removeStale(file, dataFolder, owner);
    if (!(await write())) throw inUse(dataFolder, await readOwner(file));
  }
  return () => rm(file, { force: true });
}

/** Takes the old lock away, unless another starting workspace has put its own there in the meantime. */
async function removeStale(file: string, dataFolder: string, stale: Owner | undefined): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readOwner(aside);
  if (taken && taken.processId !== stale?.processId) {
    await rename(aside, file);
    throw inUse(dataFolder, taken);
  }
  await rm(aside, { force: true });
}

function alreadyThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

async function isRunning({ processId, startedAt }: Owner): Promise<boolean> {
  return isAlive(processId) && (startedAt === undefined || startedAt === (await startOf(processId)));
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no such file. */
async function startOf(processId: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function inUse(dataFolder: string, owner: Owner | undefined): Problem {
  return new Problem({
    code: 'conflict',
    message: `An embedded workspace already runs on ${dataFolder}${owner ? ` (process ${owner.processId})` : ''}.`,
    next: 'Use it, stop it, or choose another data folder.',
  });
}
