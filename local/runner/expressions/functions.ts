import { areEqual, order } from './compare.ts';
import { asText, toBoolean } from './convert.ts';
import { formatDate } from './dates.ts';
import { toPlain } from './json.ts';
import { isCollection, isList, isMap, kindOf, type Value } from './value.ts';

/** One argument, worked out when first asked for: and, or, iif and coalesce stop early. */
type Argument = () => Value;

export interface ExpressionFunction {
  readonly name: string;
  readonly least: number;
  /** undefined: as many as one likes. */
  readonly most: number | undefined;
  readonly call: (args: readonly Argument[]) => Value;
}

/** A mistake in the arguments; the caller knows where the call stands. */
export class ArgumentFailure extends Error {}

const of = (
  name: string,
  counts: readonly [number, number | undefined],
  call: (args: readonly Argument[]) => Value,
): [string, ExpressionFunction] => [name.toLowerCase(), { name, least: counts[0], most: counts[1], call }];

const eager = (call: (...args: Value[]) => Value) => (args: readonly Argument[]) =>
  call(...args.map((arg) => arg()));
const ofText = (call: (...args: string[]) => Value) => (args: readonly Argument[]) =>
  call(...args.map((arg) => text(arg())));
const ordered = (test: (step: number) => boolean) => eager((left, right) => test(step(left!, right!)));

/** The functions that may stand in any expression. */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map([
  of('and', [2, undefined], (args) => args.every((arg) => toBoolean(arg()))),
  of('or', [2, undefined], (args) => args.some((arg) => toBoolean(arg()))),
  of('not', [1, 1], (args) => !toBoolean(args[0]!())),
  of('xor', [2, 2], (args) => toBoolean(args[0]!()) !== toBoolean(args[1]!())),
  of('eq', [2, 2], eager((left, right) => areEqual(left!, right!))),
  of('ne', [2, 2], eager((left, right) => !areEqual(left!, right!))),
  of('gt', [2, 2], ordered((step) => step > 0)),
  of('ge', [2, 2], ordered((step) => step >= 0)),
  of('lt', [2, 2], ordered((step) => step < 0)),
  of('le', [2, 2], ordered((step) => step <= 0)),
  of('in', [1, undefined], (args) => isIn(args)),
  of('notIn', [1, undefined], (args) => !isIn(args)),
  of('contains', [2, 2], ofText((whole, part) => fold(whole!).includes(fold(part!)))),
  of('startsWith', [2, 2], ofText((whole, part) => fold(whole!).startsWith(fold(part!)))),
  of('endsWith', [2, 2], ofText((whole, part) => fold(whole!).endsWith(fold(part!)))),
  of('containsValue', [2, 2], eager((all, wanted) => containsValue(all!, wanted!))),
  of('coalesce', [2, undefined], (args) => coalesce(args)),
  of('iif', [3, 3], (args) => (toBoolean(args[0]!()) ? args[1]!() : args[2]!())),
  of('format', [1, undefined], eager((pattern, ...args) => format(text(pattern!), args))),
  of('join', [2, 2], eager((separator, items) => join(text(separator!), items!))),
  of('split', [2, 2], ofText((whole, separators) => split(whole!, separators!))),
  of('replace', [3, 3], ofText((whole, old, fresh) => (old === '' ? whole! : whole!.replaceAll(old!, () => fresh!)))),
  of('length', [1, 1], eager((value) => lengthOf(value!))),
  of('lower', [1, 1], ofText((value) => value!.toLowerCase())),
  of('upper', [1, 1], ofText((value) => value!.toUpperCase())),
  of('trim', [1, 1], ofText((value) => value!.trim())),
  of('convertToJson', [1, 1], eager((value) => JSON.stringify(toPlain(value!), null, 2))),
]); // prettier-ignore

/** A value as text; lists and maps are a mistake. */
export function text(value: Value): string {
  const result = asText(value);
  if (result === undefined)
    throw new ArgumentFailure(`${kindOf(value)} cannot be used as text; convertToJson makes text of it.`);
  return result;
}

const fold = (value: string): string => value.toUpperCase();

function step(left: Value, right: Value): number {
  const result = order(left, right);
  if (result === undefined)
    throw new ArgumentFailure(`${kindOf(right)} cannot be compared with ${kindOf(left)}.`);
  return result;
}

function isIn(args: readonly Argument[]): boolean {
  const wanted = args[0]!();
  return args.slice(1).some((arg) => areEqual(wanted, arg()));
}

/** Each item is converted to the type of what is looked for. */
function containsValue(all: Value, wanted: Value): boolean {
  const items = isList(all) ? all : isMap(all) ? [...all.values()] : [];
  return items.some((item) => areEqual(wanted, item));
}

function coalesce(args: readonly Argument[]): Value {
  for (const arg of args) {
    const value = arg();
    if (value !== null && value !== '') return value;
  }
  return null;
}

/** `{0}` and `{0:yyyyMMdd}` are filled in; doubled braces stand for themselves. */
function format(pattern: string, args: readonly Value[]): string {
  return pattern.replace(
    /\{\{|\}\}|\{(\d+)(?::([^{}]*))?\}|[{}]/g,
    (part, index?: string, layout?: string) => {
      if (part === '{{' || part === '}}') return part[0]!;
      if (index === undefined)
        throw new ArgumentFailure(`format has a single '${part}' in its text; double it to mean itself.`);
      const value = args[Number(index)];
      if (value === undefined)
        throw new ArgumentFailure(`format asks for {${index}}, but only ${args.length} values follow.`);
      return layout === undefined ? text(value) : laidOut(value, layout);
    },
  );
}

function laidOut(value: Value, layout: string): string {
  const result = value instanceof Date ? formatDate(value, layout) : undefined;
  if (result === undefined)
    throw new ArgumentFailure(`format cannot write ${kindOf(value)} as '${layout}'; layouts are for dates.`);
  return result;
}

function join(separator: string, items: Value): Value {
  if (!isList(items)) return text(items);
  return items.map((item) => asText(item) ?? '').join(separator);
}

/** Every character of the second text separates. */
function split(whole: string, separators: string): Value {
  if (separators === '') return [whole];
  const parts = [''];
  for (const sign of whole) {
    if (separators.includes(sign)) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

function lengthOf(value: Value): number {
  if (isList(value)) return value.length;
  return isCollection(value) ? value.size : text(value).length;
}
