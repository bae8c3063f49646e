import { asNumber } from '../expressions/convert.ts';
import type { Value, ValueMap } from '../expressions/index.ts';
import type { Place, Text } from '../plan.ts';
import { Fields, type Desk } from './fields.ts';
import { wordFor, type Node } from './node.ts';
import type { Bound } from './scope.ts';

/** What may hold which shape: text, a list, a map, or anything. */
const SHAPES = {
  string: 'scalar',
  number: 'scalar',
  boolean: 'scalar',
  environment: 'scalar',
  filePath: 'scalar',
  pool: 'scalar',
  secureFile: 'scalar',
  serviceConnection: 'scalar',
  object: 'any',
  step: 'map',
  job: 'map',
  deployment: 'map',
  stage: 'map',
  stepList: 'list',
  jobList: 'list',
  deploymentList: 'list',
  stageList: 'list',
  stringList: 'list',
} as const;
type Type = keyof typeof SHAPES;
const TYPES = Object.keys(SHAPES);
const isType = (text: string): text is Type => TYPES.includes(text);

interface Declared {
  readonly name: Text;
  /** undefined in the old form without types, where anything goes. */
  readonly type: Type | undefined;
  readonly default: Node | undefined;
  readonly values: readonly string[];
}

/** A value handed to a pipeline or template, and where that was done. */
export interface Given {
  readonly place: Place;
  readonly node: Node;
}

/** Brings what a file declares and what it is given together. `owner` names the file's part in messages. */
export function readParameters(
  desk: Desk,
  declaration: Bound | undefined,
  given: ReadonlyMap<string, Given>,
  at: Place,
): ValueMap {
  const declared = declaration ? declaredIn(desk, declaration) : [];
  refuseUnknown(desk, declared, given);
  return new Map(
    declared.map((parameter): [string, Value] => {
      const own = [...given].find(([name]) => same(name, parameter.name.text))?.[1];
      const node = own?.node ?? parameter.default;
      if (!node)
        desk.findings.wrong(
          at,
          `The parameter '${parameter.name.text}' needs a value.`,
          `It is declared in ${parameter.name.place.file}:${parameter.name.place.line}.`,
        );
      return [parameter.name.text, node ? valueOf(desk, parameter, node) : null];
    }),
  );
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function refuseUnknown(desk: Desk, declared: readonly Declared[], given: ReadonlyMap<string, Given>): void {
  const names = declared.map(({ name }) => name.text);
  for (const [name, { place }] of given) {
    if (!names.some((known) => same(known, name))) desk.findings.unknown(place, 'The parameter', name, names);
  }
}

function declaredIn(desk: Desk, declaration: Bound): Declared[] {
  if (declaration.node.kind === 'map') return inOldForm(desk, declaration);
  const all = desk.expander
    .items(declaration, "'parameters'")
    .flatMap((item) => declaredBy(desk, item) ?? []);
  const seen = new Set<string>();
  for (const { name } of all) {
    if (seen.has(name.text.toLowerCase()))
      desk.findings.wrong(name.place, `The parameter '${name.text}' is declared twice.`);
    seen.add(name.text.toLowerCase());
  }
  return all;
}

/** `parameters: { name: default }`, which templates still may use. */
function inOldForm(desk: Desk, declaration: Bound): Declared[] {
  const entries = desk.expander.entries(declaration, "'parameters'");
  return entries.map(({ key, value }) => ({
    name: key,
    type: undefined,
    default: desk.expander.deep(value),
    values: [],
  }));
}

function declaredBy(desk: Desk, item: Bound): Declared | undefined {
  const fields = new Fields(desk, item, 'A parameter').allow([
    'name',
    'displayName',
    'type',
    'default',
    'values',
  ]);
  const name = fields.needed('name');
  const preset = fields.get('default');
  const type = typeOf(desk, fields);
  if (!name || !type) return undefined;
  const values = (fields.texts('values') ?? []).map(({ text }) => text);
  return { name, type, default: preset && desk.expander.deep(preset), values };
}

function typeOf(desk: Desk, fields: Fields): Type | undefined {
  const type = fields.text('type');
  if (!type) return 'string';
  if (isType(type.text)) return type.text;
  if (/^container(List)?$/.test(type.text))
    desk.findings.unsupported(type.place, `The parameter type '${type.text}'`);
  else desk.findings.unknown(type.place, 'The parameter type', type.text, TYPES);
  return undefined;
}

function valueOf(desk: Desk, parameter: Declared, node: Node): Value {
  const { type, name } = parameter;
  const shape = type === undefined ? 'any' : SHAPES[type];
  const isEmpty = node.kind === 'scalar' && node.text === '';
  if (shape !== 'any' && node.kind !== shape && !(isEmpty && shape === 'list')) {
    desk.findings.wrong(node.place, `The parameter '${name.text}' (${type}) cannot be ${wordFor(node)}.`);
    return null;
  }
  if (isEmpty && shape === 'list') return [];
  return node.kind === 'scalar'
    ? scalarValue(desk, parameter, { text: node.text, place: node.place })
    : listValue(desk, parameter, node);
}

function listValue(desk: Desk, { name, type, values }: Declared, node: Node): Value {
  const items = type === 'stringList' && node.kind === 'list' ? node.items : [];
  for (const item of items) {
    if (item.kind !== 'scalar')
      desk.findings.wrong(item.place, `The parameter '${name.text}' takes texts only, not ${wordFor(item)}.`);
    else if (values.length > 0 && !values.includes(item.text))
      desk.findings.unknown(item.place, `The value of the parameter '${name.text}':`, item.text, values);
  }
  return desk.expander.origins.valueOf(node);
}

function scalarValue(desk: Desk, { name, type, values }: Declared, given: Text): Value {
  const value =
    type === 'number' ? asNumber(given.text) : type === 'boolean' ? booleanIn(given.text) : given.text;
  if (value === undefined || (type === 'number' && given.text.trim() === '')) {
    desk.findings.wrong(given.place, `The parameter '${name.text}' (${type}) cannot be '${given.text}'.`);
    return null;
  }
  const isAllowed =
    values.length === 0 ||
    values.some((allowed) => (type === 'number' ? asNumber(allowed) === value : allowed === given.text));
  if (!isAllowed)
    desk.findings.unknown(given.place, `The value of the parameter '${name.text}':`, given.text, values);
  return value;
}

function booleanIn(text: string): boolean | undefined {
  if (/^\s*true\s*$/i.test(text)) return true;
  return /^\s*false\s*$/i.test(text) ? false : undefined;
}
