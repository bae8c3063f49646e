import type { ProblemPlace } from '../../../problem/index.ts';
import type { ScalarValue, YamlDocument, YamlEntry, YamlNode, YamlScalar } from './node.ts';

/** A plain value as it would have been read from a file: task inputs and tests hand over such values. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | YamlNode
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue | undefined };

export interface ValuesOptions {
  /** Absolute folder that relative paths in the values start from. */
  readonly folder: string;
  /** Where messages say a top-level value stands; by default, in the input of the same name. */
  readonly placeOf?: (key: string) => ProblemPlace;
}

/** A document made of values that were not in a file; members that are undefined are left out. */
export function documentOf(
  values: Readonly<Record<string, PlainValue | undefined>>,
  options: ValuesOptions,
): YamlDocument {
  const placeOf = options.placeOf ?? ((key: string) => ({ input: key }));
  const entries = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, entryOf(key, value, placeOf(key))] as const],
  );
  return {
    file: '',
    folder: options.folder,
    root: { kind: 'map', entries: new Map(entries), at: {} },
    warnings: [],
  };
}

/** The same document with top-level members put in or replaced, as `--name x` on the command line does. */
export function withValues(
  document: YamlDocument,
  values: Readonly<Record<string, PlainValue | undefined>>,
  placeOf: (key: string) => ProblemPlace = (key) => ({ input: key }),
): YamlDocument {
  const { root } = document;
  if (root.kind !== 'map') return document;
  const entries = new Map(root.entries);
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) entries.set(key, entryOf(key, value, placeOf(key)));
  }
  return { ...document, root: { ...root, entries } };
}

function entryOf(key: string, value: PlainValue, at: ProblemPlace): YamlEntry {
  return { key: scalar(key, { type: 'str', value: key }, at), value: nodeOf(value, at) };
}

/** One plain value as a node at a place. */
export function nodeOf(value: PlainValue, at: ProblemPlace): YamlNode {
  if (value === null) return scalar('', { type: 'null', value: null }, at);
  if (typeof value === 'string') return scalar(value, { type: 'str', value }, at);
  if (typeof value === 'boolean') return scalar(String(value), { type: 'bool', value }, at);
  if (typeof value === 'number') return scalar(String(value), numberOf(value), at);
  if (isList(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, at)), at };
  if (isNode(value)) return value;
  const entries = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [[key, entryOf(key, member, at)] as const],
  );
  return { kind: 'map', entries: new Map(entries), at };
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function isNode(value: YamlNode | { readonly [key: string]: PlainValue | undefined }): value is YamlNode {
  return 'kind' in value && 'at' in value && typeof value.at === 'object';
}

function numberOf(value: number): ScalarValue {
  return Number.isInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'float', value };
}

function scalar(text: string, value: ScalarValue, at: ProblemPlace): YamlScalar {
  return { kind: 'scalar', text, at, ...value };
}
