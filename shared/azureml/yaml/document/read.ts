import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Composer, LineCounter, Parser, type Document } from 'yaml';
import { Problem, messageOf, throwIfAny, type ProblemPlace } from '../../../problem/index.ts';
import { pythonLexer } from './lexer.ts';
import { MAX_ALIASES, MAX_BYTES, MAX_DEPTH, tooDeep, tooLarge, tooManyAliases } from './limits.ts';
import type { YamlDocument } from './node.ts';
import { LexemeWatch, oddCharacter } from './strictness.ts';
import { TreeBuilder } from './tree.ts';

/** Reads a v2 file from disk; throws one Problem, or all Problems of the file together. */
export function readYamlFile(file: string): YamlDocument {
  return readYaml(textOf(file), file);
}

/**
 * Reads text as if it stood in `file`; relative paths in it start from that file's folder. YAML 1.1 takes U+0085 for the
 * end of a line.
 */
export function readYaml(given: string, file: string): YamlDocument {
  const text = given.replaceAll('\u0085', '\n');
  if (Buffer.byteLength(text) > MAX_BYTES) throw tooLarge(file, Buffer.byteLength(text));
  const lines = new LineCounter();
  lines.addNewLine(0);
  checkCharacters(text, file);
  const document = compose(text, file, lines);
  // What the parser says after its first error is mostly about that error.
  const [error] = document.errors.filter(({ message }) => !ALLOWED.test(message));
  if (error) throw syntaxProblem(error.message, error.pos[0], file, lines);
  const builder = new TreeBuilder((offset) => placeAt(offset, file, lines));
  const root = builder.build(document.contents);
  throwIfAny(builder.problems);
  return { file, folder: path.dirname(path.resolve(file)), root, warnings: builder.warnings };
}

/** PyYAML takes a comment right after a quote or bracket. */
const ALLOWED = /^Comments must be separated/;

function textOf(file: string): string {
  const bytes = bytesOf(file);
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(file, bytes.byteLength);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem({
      code: 'file',
      message: 'The file is not UTF-8 text.',
      next: 'Save it as UTF-8.',
      place: { file },
      cause,
    });
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new Problem({
      code: 'file',
      message: missing ? 'There is no such file.' : `The file cannot be read: ${messageOf(cause)}.`,
      next: 'Check the path; relative paths start from the folder of the file or input they stand in.',
      place: { file },
      cause,
    });
  }
}

/** The composer calls itself for each level, so the depth is watched while the (flat) parser runs, before composing. */
function compose(text: string, file: string, lines: LineCounter): Document {
  const watch = new LexemeWatch();
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let aliases = 0;
  for (const lexeme of pythonLexer().lex(text)) {
    // Each is one expansion at least: counted here, since composing a hundred thousand of them takes seconds.
    if (watch.isAlias(lexeme)) aliases += 1;
    if (aliases > MAX_ALIASES) throw tooManyAliases(placeAt(parser.offset, file, lines));
    const wrong = watch.problem(lexeme);
    if (wrong !== undefined) throw syntaxProblem(wrong, parser.offset, file, lines);
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > 2 * MAX_DEPTH + 2) throw tooDeep(placeAt(parser.offset, file, lines));
  }
  tokens.push(...parser.end());
  const composer = new Composer({
    lineCounter: lines,
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    keepSourceTokens: false,
    logLevel: 'silent',
    version: '1.1',
  });
  const [first, second] = [...composer.compose(tokens, true, text.length)];
  if (second)
    throw syntaxProblem('There is more than one document in the file', second.range[0], file, lines);
  return first!;
}

function checkCharacters(text: string, file: string): void {
  const offset = oddCharacter(text);
  if (offset === undefined) return;
  const before = text.slice(0, offset).split('\n');
  const code = text.codePointAt(offset)?.toString(16).padStart(4, '0');
  throw new Problem({
    code: 'file',
    message: `This is not valid YAML: the character U+${code} may not stand in it.`,
    next: 'Remove it, or write it in double quotes as an escape.',
    place: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
  });
}

function placeAt(offset: number, file: string, lines: LineCounter): ProblemPlace {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function syntaxProblem(message: string, offset: number, file: string, lines: LineCounter): Problem {
  const sentence = message
    .split(' at line ')[0]!
    .split('\n')[0]!
    .replace(/[:.\s]+$/, '');
  return new Problem({
    code: 'file',
    message: `This is not valid YAML: ${sentence}.`,
    next: 'Correct the text at this place.',
    place: placeAt(offset, file, lines),
  });
}
