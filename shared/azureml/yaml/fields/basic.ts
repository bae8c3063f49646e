import type { Draft } from '../compilation.ts';
import { Real } from '../compilation.ts';
import type { YamlNode, YamlScalar } from '../document/node.ts';
import { pythonText, pythonTextOf } from '../document/python.ts';
import type { Field } from './field.ts';

/** Text; a number or truth value without quotes is not text. */
export const text: Field<string> = {
  expected: 'text',
  read(node, scope) {
    if (node.kind === 'scalar' && (node.type === 'str' || node.type === 'binary')) return node.value;
    if (node.kind === 'scalar' && node.isLoose) return node.text;
    const isUnquoted = node.kind === 'scalar' && node.type !== 'null';
    return scope.unexpected(node, isUnquoted ? 'text (put quotes around it)' : this.expected);
  },
};

/** Text as Python's str() makes it of any single value: versions, variables. */
export const anyText: Field<string> = {
  expected: 'a single value',
  read(node, scope) {
    return node.kind === 'scalar' ? pythonText(node) : scope.unexpected(node, this.expected);
  },
};

/** Any value at all as Python's str() makes it; the properties of a model are sent so. What is empty is not sent. */
export const everythingAsText: Field<string> = {
  expected: 'a value',
  acceptsNull: true,
  read: (node) => (node.kind === 'scalar' && node.type === 'null' ? undefined : pythonTextOf(node)),
};

/** The name of an asset, which stands between slashes in addresses. */
export const assetName: Field<string> = {
  expected: text.expected,
  read(node, scope) {
    const name = text.read(node, scope);
    if (name === undefined || !name.includes('/')) return name;
    return scope.refuse(node.at, `${scope.subject()} is '${name}'; a name has no slashes.`);
  },
};

/** A version: text or a number, which keeps its digits (`1.0` stays `1.0`). */
export const version: Field<string> = {
  expected: 'a version',
  read(node, scope) {
    const fits = node.kind === 'scalar' && ['str', 'int', 'float', 'bool'].includes(node.type);
    return fits ? pythonText(node) : scope.unexpected(node, this.expected);
  },
};

/** A whole number as Python's int() makes it: digits in quotes count, a fraction is cut off. */
export const integer: Field<number> = {
  expected: 'a whole number',
  read(node, scope) {
    const value = node.kind === 'scalar' ? integerOf(node) : undefined;
    return value ?? scope.unexpected(node, this.expected);
  },
};

function integerOf(node: YamlScalar): number | undefined {
  if (node.type === 'int') return Number(node.value);
  if (node.type === 'float') return Number.isFinite(node.value) ? Math.trunc(node.value) : undefined;
  if (node.type === 'str' && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(node.value))
    return Number(node.value.replaceAll('_', ''));
  return undefined;
}

/** A number as Python's float() makes it: `"2e-5"` counts, infinities and NaN do not. */
export const number: Field<number> = {
  expected: 'a number',
  read(node, scope) {
    const value = node.kind === 'scalar' ? numberOf(node) : undefined;
    return value !== undefined && Number.isFinite(value) ? value : scope.unexpected(node, this.expected);
  },
};

function numberOf(node: YamlScalar): number | undefined {
  if (node.type === 'int' || node.type === 'float') return Number(node.value);
  const looksNumeric =
    node.type === 'str' && /^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(node.value);
  return looksNumeric ? Number(node.value.replaceAll('_', '')) : undefined;
}

const TRUE_WORDS = ['t', 'T', 'true', 'True', 'TRUE', 'on', 'On', 'ON', 'y', 'Y', 'yes', 'Yes', 'YES', '1'];
const FALSE_WORDS = [
  'f',
  'F',
  'false',
  'False',
  'FALSE',
  'off',
  'Off',
  'OFF',
  'n',
  'N',
  'no',
  'No',
  'NO',
  '0',
];

export const boolean: Field<boolean> = {
  expected: 'true or false',
  read(node, scope) {
    const value = node.kind === 'scalar' ? booleanOf(node) : undefined;
    return value ?? scope.unexpected(node, this.expected);
  },
};

function booleanOf(node: YamlScalar): boolean | undefined {
  if (node.type === 'bool') return node.value;
  const word =
    node.type === 'str' ? node.value : node.type === 'null' ? undefined : String(Number(node.value));
  if (word === undefined) return undefined;
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : undefined;
}

/** One of some words, in any letter case; answers with the word as it is listed. */
export function oneOf<const W extends string>(
  words: readonly W[],
  options: { exactCase?: boolean } = {},
): Field<W> {
  return {
    expected: `one of ${words.join(', ')}`,
    read(node, scope) {
      const given = node.kind === 'scalar' && node.type === 'bool' ? node.text : wordOf(node);
      if (given === undefined || node.kind !== 'scalar') return scope.unexpected(node, this.expected);
      const found = words.find((word) =>
        options.exactCase ? word === given : word.toLowerCase() === given.toLowerCase(),
      );
      return found ?? scope.unknownWord(node, words);
    },
  };
}

/** As `oneOf`, where `SystemAssigned` counts as `system_assigned`. */
export function oneOfSnake<const W extends string>(words: readonly W[]): Field<W> {
  return {
    expected: `one of ${words.join(', ')}`,
    read(node, scope) {
      const given = wordOf(node);
      if (given === undefined || node.kind !== 'scalar') return scope.unexpected(node, this.expected);
      return words.find((word) => word === snakeCase(given)) ?? scope.unknownWord(node, words);
    },
  };
}

function wordOf(node: YamlNode): string | undefined {
  return node.kind === 'scalar' && node.type === 'str' ? node.value : undefined;
}

/** `UserIdentity` -> `user_identity`, `AMLToken` -> `aml_token`. */
function snakeCase(word: string): string {
  if (word.includes(','))
    return word
      .split(',')
      .map((part) => snakeCase(part.trim()))
      .join(',');
  return word
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Anything, as the JSON it stands for. */
export const anything: Field<Draft> = {
  expected: 'a value',
  acceptsNull: true,
  read: (node) => jsonOf(node),
};

/** A node as JSON; whole floats stay recognisable, since Python writes them as `2.0`. */
export function jsonOf(node: YamlNode): Draft {
  if (node.kind === 'list') return node.items.map(jsonOf);
  if (node.kind === 'map') {
    return Object.fromEntries(
      [...node.entries.values()].map(({ key, value }) => [keyText(key), jsonOf(value)]),
    );
  }
  if (node.type === 'int') return Number(node.value);
  return node.type === 'float' ? new Real(node.value) : node.value;
}

/** A key as Python's JSON writes it: `1` and `true` become text. */
function keyText(key: YamlScalar): string {
  if (key.type === 'bool') return key.value ? 'true' : 'false';
  return key.type === 'null' ? 'null' : pythonText(key);
}
