import { userError } from '../../server/failures.ts';

type Test = (value: string) => boolean;

/** Which series are wanted, and by which dimensions they are kept apart. */
export interface DimensionFilter {
  /** Dimensions named in the filter, in order: each of their values gets its own series. */
  readonly split: readonly string[];
  accepts(dimensions: Readonly<Record<string, string>>): boolean;
}

const CLAUSE = /^\s*\(?\s*([\w.]+)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*\)?\s*$/i;

/** Reads `deployment eq 'blue' and statusCodeClass eq '*'`; `*` stands for every value, `or` joins values of one dimension. */
export function parseFilter(text: string | undefined): DimensionFilter {
  if (!text?.trim()) return { split: [], accepts: () => true };
  const groups = splitOutside(text, 'and').map((group) => parseGroup(group, text));
  return {
    split: [...new Set(groups.map(({ dimension }) => dimension))],
    accepts: (dimensions) => groups.every(({ dimension, test }) => test(valueOf(dimensions, dimension))),
  };
}

function parseGroup(group: string, whole: string): { dimension: string; test: Test } {
  const clauses = splitOutside(group, 'or').map((clause) => parseClause(clause, whole));
  const dimension = clauses[0]?.dimension ?? '';
  if (clauses.some((clause) => clause.dimension !== dimension)) throw unreadable(whole);
  return { dimension, test: (value) => clauses.some((clause) => clause.test(value)) };
}

function parseClause(clause: string, whole: string): { dimension: string; test: Test } {
  const [, dimension, operator, quoted] = CLAUSE.exec(clause) ?? [];
  if (!dimension || !operator || quoted === undefined) throw unreadable(whole);
  const wanted = quoted.replaceAll("''", "'").toLowerCase();
  const isEqual: Test = (value) => wanted === '*' || value.toLowerCase() === wanted;
  return {
    dimension: dimension.toLowerCase(),
    test: operator.toLowerCase() === 'eq' ? isEqual : (value) => !isEqual(value),
  };
}

/** Splits at a word that is not part of a quoted value. */
function splitOutside(text: string, word: string): string[] {
  return text.split(new RegExp(`\\s+${word}\\s+(?=(?:[^']*'[^']*')*[^']*$)`, 'i'));
}

/** Dimension names are compared without case. */
export function valueOf(dimensions: Readonly<Record<string, string>>, name: string): string {
  return Object.entries(dimensions).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function unreadable(text: string): Error {
  return userError(
    `The filter "${text}" cannot be read. Write it like: deployment eq 'blue' and statusCodeClass eq '*'.`,
  );
}
