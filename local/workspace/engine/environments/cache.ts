import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Interpreter } from './interpreters.ts';

const IS_WINDOWS = process.platform === 'win32';

/** Where one virtual environment lives, and whether it is whole. */
export interface CacheEntry {
  readonly hash: string;
  readonly folder: string;
  readonly python: string;
  readonly binFolder: string;
  readonly lockFile: string;
  /**
   * Written last, by rename: without it the folder is a build that did not finish. The folder itself cannot be built
   * under another name and renamed, for pip writes its absolute path into every script it installs.
   */
  readonly doneFile: string;
}

/** The entry for what is to be installed into which Python; equal requirements in any order share one. */
export function cacheEntry(
  cacheFolder: string,
  interpreter: Interpreter,
  lines: readonly string[],
): CacheEntry {
  const content = [
    interpreter.implementation,
    interpreter.version,
    interpreter.platform,
    ...normalised(lines),
  ];
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  const folder = path.join(cacheFolder, hash);
  const binFolder = path.join(folder, IS_WINDOWS ? 'Scripts' : 'bin');
  return {
    hash,
    folder,
    binFolder,
    python: path.join(binFolder, IS_WINDOWS ? 'python.exe' : 'python'),
    lockFile: path.join(cacheFolder, `${hash}.lock`),
    doneFile: path.join(folder, 'environment.json'),
  };
}

/** Requirements without what makes no difference: order, spaces, letter case and separators of names. */
export function normalised(lines: readonly string[]): string[] {
  return [...new Set(lines.map(normalisedLine))].sort();
}

function normalisedLine(line: string): string {
  const trimmed = line.trim().replace(/\s+/g, ' ');
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(.*)$/.exec(trimmed);
  if (!match?.[1]) return trimmed;
  const rest = (match[2] ?? '').replace(/\s*([=<>!~,]+)\s*/g, '$1').trim();
  return `${match[1].toLowerCase().replace(/[-_.]+/g, '-')}${rest}`;
}

export async function isWhole(entry: CacheEntry): Promise<boolean> {
  return (await readFile(entry.doneFile).catch(() => undefined)) !== undefined;
}

export async function markWhole(entry: CacheEntry, record: object): Promise<void> {
  const draft = `${entry.doneFile}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`);
  await rename(draft, entry.doneFile);
}
