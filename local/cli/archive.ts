import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar/fs';
import { dataFoldersOf, findRunning, type PlaceFlags } from './place.ts';
import { messageOf, Problem } from '../../shared/problem/index.ts';

/** What belongs to one process, or is made anew at every start. */
const PASSING = /^(?:lock|address\.json|start\.log|workspace\.log)$|\.new$/;
const SETTINGS = 'workspace.json';

/** Writes a stopped workspace, everything in it, into one compressed file for its owner only. */
async function exportWorkspace(dataFolder: string, file: string): Promise<void> {
  if (!existsSync(path.join(dataFolder, SETTINGS))) throw nothingThere(dataFolder);
  const draft = `${file}.new`;
  const filter = (name: string): boolean => !PASSING.test(path.basename(name));
  const sink = createWriteStream(draft, { mode: 0o600 });
  await pipeline(packTar(dataFolder, { filter }), createGzip(), sink);
  await rename(draft, file);
}

/** The same for the workspace of this place, which must not run: storage and database are copied as files. */
export async function exportStopped(flags: PlaceFlags, file: string): Promise<void> {
  if (await findRunning(flags)) throw running();
  await exportWorkspace(dataFoldersOf(flags).kept, file);
}

/** Makes the data folder from an exported workspace, unless it has one already. */
export async function seedWorkspace(dataFolder: string, file: string): Promise<void> {
  if (!existsSync(path.join(dataFolder, SETTINGS))) await importWorkspace(dataFolder, file);
}

/** Makes a data folder from an exported workspace; one that holds a workspace already is left alone. */
export async function importWorkspace(dataFolder: string, file: string): Promise<void> {
  if (await holdsAnything(dataFolder)) throw occupied(dataFolder);
  if (!existsSync(file)) throw noSuchFile(file);
  const draft = `${dataFolder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    await pipeline(createReadStream(file), createGunzip(), unpackTar(draft));
    if (!existsSync(path.join(draft, SETTINGS))) throw new Error(`there is no ${SETTINGS} in it`);
    await rm(dataFolder, { recursive: true, force: true });
    await rename(draft, dataFolder);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw unreadable(file, cause);
  }
}

/** Logs and empty folders are what is left of a start that failed. */
async function holdsAnything(folder: string): Promise<boolean> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.some((entry) => !entry.isDirectory() && !PASSING.test(entry.name));
}

function running(): Problem {
  return new Problem({
    code: 'conflict',
    message: 'The workspace is running, and may change while it is copied.',
    next: 'Stop it first: npx azureml-local stop',
  });
}

function nothingThere(folder: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `There is no embedded workspace in ${folder}.`,
    next: 'Name its folder with --data or --home, or make one with: npx azureml-local start',
  });
}

function occupied(folder: string): Problem {
  return new Problem({
    code: 'conflict',
    message: `The folder ${folder} holds a workspace already.`,
    next: 'Name another with --data, or remove this one with: npx azureml-local reset',
  });
}

function noSuchFile(file: string): Problem {
  return new Problem({
    code: 'file',
    message: `There is no file ${file}.`,
    next: 'Make one with: npx azureml-local export <file>',
    place: { file },
  });
}

function unreadable(file: string, cause: unknown): Problem {
  return new Problem({
    code: 'file',
    message: `${file} cannot be read as an exported workspace: ${messageOf(cause)}.`,
    next: 'Give a file that "azureml-local export" wrote.',
    place: { file },
    cause,
  });
}
