import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { messageOf, Problem } from '../../shared/problem/index.ts';
import { askAdmin } from './admin.ts';
import { stateFolders } from './state.ts';

interface Reported {
  readonly name: string;
  readonly fault: string;
  readonly matched: number;
  readonly befell: number;
}

/** `azureml-local fault`: what requests meet, from a file, or nothing any more. */
export function addFault(cli: Command, print: (line: string) => void): void {
  cli
    .command('fault [file]')
    .description(
      'let requests to the embedded workspace meet the faults in this file; without one, show them',
    )
    .option('--clear', 'no faults any more')
    .option('--home <folder>', 'where the workspace is kept (default: .azureml-local)')
    .action(async (file: string | undefined, flags: { clear?: true; home?: string }) => {
      for (const line of await fault(file, flags)) print(line);
    });
}

async function fault(
  file: string | undefined,
  { clear, home }: { readonly clear?: true; readonly home?: string },
): Promise<readonly string[]> {
  const { workspace } = stateFolders(home);
  const report = clear
    ? await askAdmin(workspace, 'DELETE', 'faults')
    : file === undefined
      ? await askAdmin(workspace, 'GET', 'faults')
      : await askAdmin(workspace, 'PUT', 'faults', await textOf(file));
  const faults = report['faults'] as readonly Reported[];
  if (faults.length === 0) return ['No faults.'];
  return faults.map(
    ({ name, fault: kind, matched, befell }) => `${name}: ${kind}, ${befell} of ${matched} requests`,
  );
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Problem({
      code: 'file',
      message: `The faults cannot be read: ${messageOf(cause)}.`,
      next: 'Give the path of a YAML or JSON file.',
      place: { file },
      cause,
    });
  });
}
