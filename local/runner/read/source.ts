import { readFileSync, statSync } from 'node:fs';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node as YamlNode,
  type Scalar,
} from 'yaml';
import { messageOf, Problem } from '../../../shared/problem/index.ts';
import type { Place } from '../plan.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';

/** A pipeline file larger than this is a mistake, not a pipeline. */
const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 100;

/** Reads one YAML file; throws a Problem with the place for anything Azure Pipelines would not read. */
export function readSource(path: string, shownAs: string): Node {
  return parseSource(contentOf(path, shownAs), shownAs);
}

function contentOf(path: string, file: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new Problem({
        code: 'file',
        message: `The file has ${size} bytes; a pipeline file may have ${MAX_BYTES}.`,
        place: { file },
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem({
      code: 'file',
      message: `The file cannot be read: ${reasonOf(error)}.`,
      next: 'Give the path of a YAML file in UTF-8.',
      place: { file },
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'access is denied';
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : messageOf(error);
}

/** Parses YAML text; `file` is what messages call it. */
export function parseSource(text: string, file: string): Node {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.2',
    schema: 'failsafe',
    logLevel: 'silent',
  });
  const list = Array.isArray(documents) ? documents : [];
  const reading = new Reading(text, file, lines);
  for (const document of list) reading.refuseErrors(document);
  const second = list[1];
  if (second)
    throw reading.problem(
      second.range[0],
      'A pipeline file holds one YAML document; a second one starts here.',
    );
  return reading.node(list[0]?.contents ?? null, 0);
}

class Reading {
  private readonly text: string;
  private readonly file: string;
  private readonly lines: LineCounter;

  constructor(text: string, file: string, lines: LineCounter) {
    [this.text, this.file, this.lines] = [text, file, lines];
  }

  refuseErrors(document: Document.Parsed): void {
    const error = document.errors[0];
    if (!error) return;
    const message = error.message.split(/ at line \d+/)[0]!.replace(/[.:]$/, '');
    const usesTab = this.text
      .slice(0, error.pos[0] + 1)
      .split('\n')
      .at(-1)!
      .includes('\t');
    throw this.problem(
      error.pos[0],
      `This is not YAML: ${message}.`,
      usesTab ? 'Indent with spaces: YAML does not take tabs.' : undefined,
    );
  }

  problem(offset: number, message: string, next?: string): Problem {
    return new Problem({
      code: 'file',
      message,
      place: { ...this.placeAt(offset) },
      ...(next === undefined ? {} : { next }),
    });
  }

  node(yaml: YamlNode | null, depth: number, fallback = 0): Node {
    if (!yaml) return { kind: 'scalar', text: '', place: this.placeAt(fallback), expressions: [] };
    this.refuse(yaml, depth);
    const start = yaml.range?.[0] ?? fallback;
    const place = this.placeAt(start);
    if (isScalar(yaml)) return this.scalar(yaml, place);
    if (isSeq(yaml))
      return {
        kind: 'list',
        items: yaml.items.map((item) => this.node(nodeIn(item), depth + 1, start)),
        place,
      };
    if (!isMap(yaml)) throw this.problem(start, 'This part of the YAML cannot be read.');
    return { kind: 'map', entries: yaml.items.map((pair) => this.entry(pair, depth, start)), place };
  }

  private entry(pair: { key: unknown; value: unknown }, depth: number, fallback: number): MapEntry {
    const key = this.node(nodeIn(pair.key), depth + 1, fallback);
    if (key.kind !== 'scalar')
      throw this.problem(fallback, 'A key must be plain text: Azure Pipelines does not read complex keys.');
    return { key, value: this.node(nodeIn(pair.value), depth + 1, this.after(pair.key, fallback)) };
  }

  private after(key: unknown, fallback: number): number {
    return nodeIn(key)?.range?.[1] ?? fallback;
  }

  private refuse(yaml: YamlNode, depth: number): void {
    const start = yaml.range?.[0] ?? 0;
    if (isAlias(yaml) || yaml.anchor !== undefined) {
      throw this.problem(
        start,
        'Azure Pipelines does not read YAML anchors and aliases.',
        'Use a template or a parameter instead.',
      );
    }
    if (yaml.tag !== undefined)
      throw this.problem(start, `Azure Pipelines does not read YAML tags such as ${yaml.tag}.`);
    if (depth > MAX_DEPTH) throw this.problem(start, `The YAML nests deeper than ${MAX_DEPTH} levels.`);
  }

  private scalar(yaml: Scalar, place: Place): ScalarNode {
    const isNull = yaml.type === 'PLAIN' && /^(~|null)$/i.test(String(yaml.value));
    const text = isNull || yaml.value === null || yaml.value === undefined ? '' : String(yaml.value);
    return { kind: 'scalar', text, place, expressions: this.expressionsIn(yaml) };
  }

  private expressionsIn(yaml: Scalar): Place[] {
    const [start, end] = yaml.range ?? [0, 0];
    return [...this.text.slice(start, end).matchAll(/\$\{\{/g)].map((match) =>
      this.placeAt(start + match.index),
    );
  }

  private placeAt(offset: number): Place {
    const { line, col } = this.lines.linePos(Math.min(offset, this.text.length));
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function nodeIn(value: unknown): YamlNode | null {
  return isScalar(value) || isSeq(value) || isMap(value) || isAlias(value) ? value : null;
}
