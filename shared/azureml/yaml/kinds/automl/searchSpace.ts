import type { Draft } from '../../compilation.ts';
import type { YamlMap, YamlNode, YamlScalar } from '../../document/node.ts';
import { pythonFloat } from '../../document/python.ts';
import { boolean, integer, number, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, members, type Shape } from '../../fields/collections.ts';
import { readField, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { hasBinding } from '../../references/paths.ts';
import { ARGUMENTS } from '../job/sweepSettings.ts';
import { plain, type Setting } from './setting.ts';
import { writtenSpace } from './writtenSpace.ts';

type Distribution = keyof typeof ARGUMENTS;

interface Space {
  readonly expected: string;
  /** One value, as text. */
  single(node: YamlNode, scope: Scope): string | undefined;
  /** The values of a choice, each as it stands inside `choice(...)`. */
  choice(nodes: readonly YamlNode[], scope: Scope): readonly string[] | undefined;
  readonly distributions: readonly Distribution[];
  /** One argument of a distribution, as text. */
  readonly argument: Field<string>;
}

/** A value to search for: one value, a choice or a distribution; the API takes it as text, `uniform(0.001,0.01)`. */
function search(space: Space): Setting {
  const field: Field<string> = {
    expected: space.expected,
    read(node, scope) {
      if (node.kind === 'map') return spaceOf(node, scope, space);
      return node.kind === 'scalar' ? space.single(node, scope) : scope.unexpected(node, space.expected);
    },
  };
  return { ...plain(field), field: (mode) => (mode === 'step' ? alsoWritten(field) : field) };
}

/** In a pipeline a space may also be written as the API's own text. */
function alsoWritten(field: Field<string>): Field<Draft> {
  return {
    ...field,
    read(node, scope) {
      if (node.kind !== 'scalar' || node.type !== 'str') return field.read(node, scope);
      return hasBinding(node.value) ? node.value : field.read(writtenSpace(node), scope);
    },
  };
}

function spaceOf(node: YamlMap, scope: Scope, space: Space): string | undefined {
  const words = ['choice', ...space.distributions] as const;
  const type = members(node, scope, { type: required(oneOf(words)) }, { open: true })?.type;
  if (type === undefined) return undefined;
  if (type === 'choice') return choiceOf(node, scope, space);
  const names = ARGUMENTS[type];
  const field = type === 'randint' ? wholeText : space.argument;
  const shape: Shape = { type: text, ...Object.fromEntries(names.map((name) => [name, required(field)])) };
  const read = members(node, scope, shape);
  return read && `${type}(${names.map((name) => String(read[name])).join(',')})`;
}

function choiceOf(node: YamlMap, scope: Scope, space: Space): string | undefined {
  const read = members(node, scope, { type: text, values: required(listOf(asNode)) });
  const values = read && space.choice(read.values ?? [], scope.member('values'));
  return values && `choice(${values.join(',')})`;
}

const asNode: Field<YamlNode> = { expected: 'a value', acceptsNull: true, read: (node) => node };

/** Each of the values by one reader; undefined (and reported) where one does not fit. */
function each<T>(
  nodes: readonly YamlNode[],
  scope: Scope,
  { field, shown }: { field: Field<T>; shown: (value: T) => string },
): string[] | undefined {
  const values = nodes.map((node, index) => readField(field, node, scope.item(index)));
  return values.includes(undefined)
    ? undefined
    : values.flatMap((value) => (value === undefined ? [] : [shown(value)]));
}

/** A whole number and nothing that merely looks like one. */
const strictInteger: Field<number> = {
  expected: 'a whole number',
  read: (node, scope) =>
    node.kind === 'scalar' && node.type === 'int'
      ? Number(node.value)
      : scope.unexpected(node, 'a whole number'),
};

const wholeText: Field<string> = {
  expected: integer.expected,
  read(node, scope) {
    const value = integer.read(node, scope);
    return value === undefined ? undefined : String(value);
  },
};

/** A number as it was written: whole ones without a point. */
const numberText: Field<string> = {
  expected: 'a number',
  read(node, scope) {
    if (isWhole(node)) return String(node.value);
    const value = number.read(node, scope);
    return value === undefined ? undefined : plainDigits(value);
  },
};

const strictText: Field<string> = {
  expected: strictInteger.expected,
  read(node, scope) {
    const value = strictInteger.read(node, scope);
    return value === undefined ? undefined : String(value);
  },
};

function isWhole(node: YamlNode): node is YamlScalar & { readonly type: 'int' } {
  return node.kind === 'scalar' && node.type === 'int';
}

/** A float without an exponent: `0.00001`, and `100000000000000000000` where Python would write `1e+20`. */
function plainDigits(value: number): string {
  const written = pythonFloat(value);
  if (!written.includes('e')) return written;
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
  return sign + digits.padEnd(shift + 1, '0');
}

const CONTINUOUS = [
  'uniform',
  'loguniform',
  'quniform',
  'qloguniform',
  'normal',
  'lognormal',
  'qnormal',
  'qlognormal',
  'randint',
] as const;

export const realSpace = search({
  expected: 'a number, a choice or a distribution',
  single(node, scope) {
    const value = number.read(node, scope);
    return value === undefined ? undefined : plainDigits(value);
  },
  choice: (nodes, scope) =>
    nodes.every(isWhole)
      ? each(nodes, scope, { field: strictInteger, shown: String })
      : each(nodes, scope, { field: number, shown: plainDigits }),
  distributions: CONTINUOUS,
  argument: numberText,
});

function integers(distributions: readonly Distribution[]): Setting {
  return search({
    expected: 'a whole number, a choice or a distribution of them',
    single: (node, scope) => strictText.read(node, scope),
    choice: (nodes, scope) => each(nodes, scope, { field: strictInteger, shown: String }),
    distributions,
    argument: strictText,
  });
}

export const integerSpace = integers(['randint', 'quniform', 'qloguniform', 'qnormal', 'qlognormal']);
/** Text tasks know fewer distributions of whole numbers. */
export const integerTextSpace = integers(['randint']);

function choices<T extends string>(field: Field<T>): Setting {
  return search({
    expected: `${field.expected}, or a choice of such`,
    single: (node, scope) => field.read(node, scope),
    choice: (nodes, scope) => each(nodes, scope, { field, shown: (value) => `'${value}'` }),
    distributions: [],
    argument: field,
  });
}

export const textSpace = choices(text);
export const wordSpace = (words: Readonly<Record<string, string>>): Setting =>
  choices(oneOfSnake(Object.keys(words)));

const pythonBoolean: Field<string> = {
  expected: boolean.expected,
  read(node, scope) {
    const value = boolean.read(node, scope);
    return value === undefined ? undefined : value ? 'True' : 'False';
  },
};

export const booleanSpace = search({
  expected: 'true, false or a choice of them',
  single: (node, scope) => pythonBoolean.read(node, scope),
  choice: (nodes, scope) => each(nodes, scope, { field: pythonBoolean, shown: (value) => value }),
  distributions: [],
  argument: pythonBoolean,
});
