import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The folder with the file `MLmodel` that is nearest to the top, or undefined. */
export async function findMlmodel(root: string): Promise<string | undefined> {
  let level = [root];
  while (level.length > 0) {
    const below: string[] = [];
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      if (entries.some((entry) => entry.isFile() && entry.name === 'MLmodel')) return folder;
      below.push(
        ...entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name)),
      );
    }
    level = below.sort();
  }
  return undefined;
}
