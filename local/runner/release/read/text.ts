import { readFileSync } from 'node:fs';
import { messageOf, Problem } from '../../../../shared/problem/index.ts';

/** The text of a JSON file and its value; throws a Problem for what is none. */
export function readJsonText(path: string, file: string): { text: string; value: unknown } {
  const text = contentOf(path, file);
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    throw notJson(text, messageOf(error), file);
  }
}

/** Shells of Windows redirect into UTF-16, and mark it at the start. */
const MARKS: readonly (readonly [first: number, second: number, encoding: string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

function contentOf(path: string, file: string): string {
  try {
    const bytes = readFileSync(path);
    const mark = MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second);
    return new TextDecoder(mark?.[2] ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `The file cannot be read: ${messageOf(cause)}.`;
    const next = 'Give the path of a release definition as Azure DevOps exports it, in UTF-8 or UTF-16.';
    throw new Problem({ code: 'file', message, next, place: { file }, cause });
  }
}

/** The parser counts characters; people look for lines. */
function notJson(text: string, reason: string, file: string): Problem {
  const [what = reason] = reason.split(/ in JSON at position| \(line/);
  const found = /at position (\d+)/.exec(reason)?.[1];
  const before = text.slice(0, found === undefined ? text.length : Number(found)).split('\n');
  const at = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  return new Problem({
    code: 'file',
    message: `The file is not JSON: ${what.replace(/\.$/, '')}.`,
    next: 'Export it again, or mend this place: comments, commas at the end and placeholders are no JSON.',
    place: { file, ...at },
  });
}
