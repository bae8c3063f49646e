import { readFile } from 'node:fs/promises';
import { messageOf, Problem } from '../../../shared/problem/index.ts';
import { faults, type Faults } from './faults.ts';
import { readFaults } from './read.ts';

/** Faults from a file, or none. */
export async function openFaults(file: string | undefined): Promise<Faults> {
  if (file === undefined) return faults();
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  return faults(readFaults(text, file));
}

function unreadable(file: string, cause: unknown): Problem {
  return new Problem({
    code: 'file',
    message: `The faults cannot be read: ${messageOf(cause)}.`,
    next: 'Give the path of a YAML or JSON file, or leave --fault out.',
    place: { file },
    cause,
  });
}
