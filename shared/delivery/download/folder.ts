import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../problem/index.ts';
import { STAGING_FOLDER } from './names.ts';

/** A folder that is downloaded into: files come in by way of a staging folder, and never leave it through a link. */
export interface TargetFolder {
  /** Where a file will lie; its folders are made, and are folders of this one. */
  reach(name: string): Promise<string>;
  /** Where something is kept until it is complete. */
  stagingPath(key: string): string;
  /** Moves a complete file to its name, over one that is there. */
  settle(key: string, name: string): Promise<void>;
  /** Takes the staging folder away. */
  finish(): Promise<void>;
}

/** Makes the folder where it is not there yet. */
export async function openTargetFolder(folder: string): Promise<TargetFolder> {
  await mkdir(folder, { recursive: true });
  // The folder itself may be reached through links: it is the user's own choice.
  const root = await realpath(folder);
  const staging = path.join(root, STAGING_FOLDER);
  await ownFolder(staging);
  const checked = new Map<string, Promise<void>>();
  const reach = async (name: string): Promise<string> => {
    let current = root;
    for (const part of name.split('/').slice(0, -1)) {
      current = path.join(current, part);
      const made = checked.get(current) ?? ownFolder(current);
      checked.set(current, made);
      await made;
    }
    return path.join(root, ...name.split('/'));
  };
  return {
    reach,
    stagingPath: (key) => path.join(staging, key),
    async settle(key, name) {
      // Renaming replaces a link, and does not follow it.
      await rename(path.join(staging, key), await reach(name));
    },
    finish: () => rm(staging, { recursive: true, force: true }),
  };
}

/** A real folder: one that is a link might lead out of the download folder. */
async function ownFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const found = await lstat(folder).catch(() => undefined);
    if (!found) throw error;
    if (!found.isDirectory()) throw notOwn(folder, found.isSymbolicLink());
  }
}

function notOwn(folder: string, isLink: boolean): Problem {
  return new Problem({
    code: 'file',
    message: `'${folder}' is ${isLink ? 'a link' : 'a file'}, and a folder of the download would lie there.`,
    place: { input: 'downloadPath' },
    next: 'Download into an empty folder.',
  });
}
