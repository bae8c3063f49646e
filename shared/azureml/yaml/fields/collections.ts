import type { YamlMap, YamlNode } from '../document/node.ts';
import { readField, type Field } from './field.ts';
import { nearest } from './nearest.ts';
import type { Scope } from './scope.ts';

export type Shape = Readonly<Record<string, Field<unknown>>>;
/** What was read of each member; undefined where it was absent or could not be read (and was reported). */
export type Members<S extends Shape> = {
  [K in keyof S]: S[K] extends Field<infer T> ? T | undefined : never;
};

export interface MemberOptions {
  /** Keys that only the service sets, or that only editors read: left aside without a word. */
  readonly ignored?: readonly string[];
  /** Whether other keys are accepted (and left to the caller). */
  readonly open?: boolean;
}

/** Reads the members of a mapping; unknown and missing ones are reported. */
export function members<S extends Shape>(
  node: YamlNode,
  scope: Scope,
  shape: S,
  options: MemberOptions = {},
): Members<S> | undefined {
  if (node.kind !== 'map') return scope.unexpected(node, 'a mapping');
  if (options.open) refuseUnnamed(node, scope);
  else refuseUnknown(node, scope, [...Object.keys(shape), ...(options.ignored ?? [])]);
  const read: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(shape)) {
    const entry = node.entries.get(key);
    if (entry) read[key] = readField(field, entry.value, scope.member(key));
    else if (field.isRequired) refuseMissing(key, field, { node, scope });
  }
  return read as Members<S>;
}

function refuseMissing(
  key: string,
  field: Field<unknown>,
  { node, scope }: { node: YamlMap; scope: Scope },
): void {
  const what = field.expected === 'text' ? '' : `, ${field.expected}`;
  scope.refuse(scope.placeOfMissing(key, node.at), `${scope.subject()} needs '${key}'${what}.`);
}

/** Where any key may stand, it must still be text. */
function refuseUnnamed(node: YamlMap, scope: Scope): void {
  for (const [name, { key }] of node.entries)
    if (key.type !== 'str')
      scope.refuse(key.at, `The key '${name}' in ${scope.subject()} needs quotes to be text.`);
}

function refuseUnknown(node: YamlMap, scope: Scope, known: readonly string[]): void {
  for (const [name, { key }] of node.entries) {
    if (known.includes(name)) continue;
    const guess = nearest(name, known);
    const hint = guess === undefined ? '' : ` Did you mean '${guess}'?`;
    const where = scope.path === '' ? 'here' : `in '${scope.path}'`;
    scope.refuse(key.at, `'${name}' is not known ${where}.${hint}`);
  }
}

/** A mapping with fixed members as a field. */
export function record<S extends Shape>(shape: S, options: MemberOptions = {}): Field<Members<S>> {
  return { expected: 'a mapping', read: (node, scope) => members(node, scope, shape, options) };
}

/** A mapping with free keys, which must be text. */
export function mapOf<T>(field: Field<T>): Field<Record<string, T>> {
  return {
    expected: 'a mapping',
    read(node, scope) {
      if (node.kind !== 'map') return scope.unexpected(node, this.expected);
      const read: Record<string, T> = {};
      for (const [name, { key, value }] of node.entries) {
        if (key.type !== 'str')
          scope.refuse(key.at, `The key ${name} in ${scope.subject()} needs quotes to be text.`);
        const item = readField(field, value, scope.member(name));
        if (item !== undefined) read[name] = item;
      }
      return read;
    },
  };
}

export function listOf<T>(field: Field<T>): Field<T[]> {
  return {
    expected: 'a list',
    read(node, scope) {
      if (node.kind !== 'list') return scope.unexpected(node, this.expected);
      return node.items.flatMap((item, index) => {
        const value = readField(field, item, scope.item(index));
        return value === undefined ? [] : [value];
      });
    },
  };
}
