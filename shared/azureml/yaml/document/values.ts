import type { ProblemPlace } from '../../../problem/index.ts';
import type { ScalarValue, YamlDocument, YamlEntry, YamlNode, YamlScalar } from './node.ts';

export interface ValuesOptions {
  /** Absolute folder that relative paths in the values start from. */
  readonly folder: string;
  /** The input that messages name for a top-level value; by default, the one of the same name. */
  readonly inputOf?: (key: string) => string;
}

/** A document made of values that were not in a file; members that are undefined are left out. */
export function documentOf(values: Readonly<Record<string, unknown>>, options: ValuesOptions): YamlDocument {
  const entries = Object.entries(values).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [[key, entryOf(key, value, { input: options.inputOf?.(key) ?? key })] as const],
  );
  return {
    file: '',
    folder: options.folder,
    inputOf: options.inputOf ?? ((key) => key),
    root: { kind: 'map', entries: new Map(entries), at: {} },
    warnings: [],
  };
}

/** The same document with top-level members put in or replaced, as `--name x` on the command line does. */
export function withValues(
  document: YamlDocument,
  values: Readonly<Record<string, unknown>>,
  inputOf: (key: string) => string = (key) => key,
): YamlDocument {
  const { root } = document;
  if (root.kind !== 'map') return document;
  const entries = new Map(root.entries);
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) entries.set(key, entryOf(key, value, { input: inputOf(key) }));
  }
  return { ...document, root: { ...root, entries } };
}

function entryOf(key: string, value: unknown, at: ProblemPlace): YamlEntry {
  return { key: scalar(key, { type: 'str', value: key }, at), value: nodeOf(value, at) };
}

/** One plain value (or a node read from a file) as a node at a place. */
function nodeOf(value: unknown, at: ProblemPlace): YamlNode {
  if (value === null || value === undefined) return scalar('', { type: 'null', value: null }, at);
  if (typeof value === 'boolean') return scalar(String(value), { type: 'bool', value }, at);
  if (typeof value === 'number') return scalar(String(value), numberOf(value), at);
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, at)), at };
  if (typeof value !== 'object') return scalar(String(value), { type: 'str', value: String(value) }, at);
  if (isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    member === undefined ? [] : [[key, entryOf(key, member, at)] as const],
  );
  return { kind: 'map', entries: new Map(entries), at };
}

function isNode(value: object): value is YamlNode {
  return 'kind' in value && 'at' in value && typeof value.at === 'object';
}

function numberOf(value: number): ScalarValue {
  return Number.isInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'float', value };
}

function scalar(text: string, value: ScalarValue, at: ProblemPlace): YamlScalar {
  return { kind: 'scalar', text, at, ...value };
}
