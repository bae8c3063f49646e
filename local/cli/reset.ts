import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Problem } from '../../shared/problem/index.ts';
import { stopWorkspace } from './daemon.ts';
import { dataFoldersOf, type PlaceFlags } from './place.ts';

/** Stops the workspace and removes its data, after asking. */
export async function resetWorkspace(
  flags: PlaceFlags & { readonly yes?: true },
  print: (line: string) => void,
): Promise<void> {
  const { kept, passing } = dataFoldersOf(flags);
  if (!flags.yes && !(await isAgreed(kept))) return print('Nothing was removed.');
  for (const folder of [passing, kept]) {
    await stopWorkspace(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  print(`Removed: ${kept}`);
}

async function isAgreed(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Problem({
      code: 'input',
      message: `Everything in ${folder} would be removed, and there is nobody to ask.`,
      next: 'Say --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal
    .question(`Remove everything in ${folder}? (y/N) `)
    .finally(() => terminal.close());
  return /^y(?:es)?$/i.test(answer.trim());
}
