import { Problem, type ProblemPlace } from '../../../problem/index.ts';

/** Largest file read; a 10 MB file costs the parser 13 s and 600 MB. */
export const MAX_BYTES = 4 * 1024 * 1024;
export const MAX_DEPTH = 200;
/** Aliases followed in one file, counting those inside what an alias stands for. */
export const MAX_ALIASES = 100;

export function tooLarge(file: string, bytes: number): Problem {
  return new Problem({
    code: 'file',
    message: `The file has ${bytes} bytes; at most ${MAX_BYTES} (4 MB) are read.`,
    next: 'Split the file, for example by moving components to files of their own.',
    place: { file },
  });
}

export function tooDeep(place: ProblemPlace): Problem {
  return new Problem({
    code: 'file',
    message: `The file is nested more than ${MAX_DEPTH} levels deep.`,
    next: 'Flatten the structure here.',
    place,
  });
}

export function tooManyAliases(place: ProblemPlace): Problem {
  return new Problem({
    code: 'file',
    message: `Following the aliases of this file takes more than ${MAX_ALIASES} expansions.`,
    next: 'Write the repeated parts out.',
    place,
  });
}
