import { isObject, type Json } from '../server/bodies.ts';
import { userError } from '../server/failures.ts';

/** Says what is wrong with a value, one sentence each. Null is absence, as in Resource Manager; unknown members are let be. */
export type Shape = (value: unknown, place: string, wrong: string[]) => void;

interface Needed {
  readonly needed: Shape;
}

type Members = Readonly<Record<string, Shape | Needed>>;

/** Throws one refusal with everything that is wrong with a request body. */
export function checkShape(shape: Shape, body: unknown): void {
  const wrong: string[] = [];
  shape(body, '', wrong);
  if (wrong.length > 0) throw userError(wrong.join(' '));
}

export const anything: Shape = () => undefined;
export const text = of('a string', (value) => typeof value === 'string');
/** A text that says something. */
export const fullText = of(
  'a string that is not empty',
  (value) => typeof value === 'string' && value !== '',
);
export const number = of('a number', (value) => typeof value === 'number');
export const flag = of('true or false', (value) => typeof value === 'boolean');
export const someObject = of('an object', isObject);

/** One of these, compared without case, as the service does. */
export function word(...words: readonly string[]): Shape {
  const known = words.map((one) => one.toLowerCase());
  return of(
    `one of ${words.join(', ')}`,
    (value) => typeof value === 'string' && known.includes(value.toLowerCase()),
  );
}

export function list(item: Shape): Shape {
  return (value, place, wrong) => {
    if (!Array.isArray(value)) return void wrong.push(mustBe(place, 'a list'));
    value.forEach((one: unknown, index) => checkMember(item, one, `${place}[${index}]`, wrong));
  };
}

export function map(item: Shape): Shape {
  return (value, place, wrong) => {
    if (!isObject(value)) return void wrong.push(mustBe(place, 'an object'));
    for (const [key, one] of Object.entries(value)) checkMember(item, one, join(place, key), wrong);
  };
}

/** Names and texts, such as tags. */
export const texts = map(text);

export function needed(shape: Shape): Needed {
  return { needed: shape };
}

export function object(members: Members): Shape {
  return (value, place, wrong) => {
    if (!isObject(value)) return void wrong.push(mustBe(place, 'an object'));
    checkMembers(members, value, place, wrong);
  };
}

/** An object of one of several kinds, told apart by the word in one member. */
export function choice(by: string, base: Shape, kinds: Readonly<Record<string, Shape>>): Shape {
  const known = new Map(Object.entries(kinds).map(([kind, shape]) => [kind.toLowerCase(), shape]));
  const oneOf = word(...Object.keys(kinds));
  return (value, place, wrong) => {
    if (!isObject(value)) return void wrong.push(mustBe(place, 'an object'));
    const kind = value[by];
    checkMembers({ [by]: needed(oneOf) }, value, place, wrong);
    base(value, place, wrong);
    if (typeof kind === 'string') known.get(kind.toLowerCase())?.(value, place, wrong);
  };
}

function checkMembers(members: Members, value: Json, place: string, wrong: string[]): void {
  for (const [name, member] of Object.entries(members)) {
    const inner = value[name];
    const isNeeded = typeof member === 'object';
    if (inner !== undefined && inner !== null)
      (isNeeded ? member.needed : member)(inner, join(place, name), wrong);
    else if (isNeeded) wrong.push(`The member '${join(place, name)}' is required.`);
  }
}

function checkMember(shape: Shape, value: unknown, place: string, wrong: string[]): void {
  if (value !== undefined && value !== null) shape(value, place, wrong);
}

function of(expected: string, accepts: (value: unknown) => boolean): Shape {
  return (value, place, wrong) => {
    if (!accepts(value)) wrong.push(mustBe(place, expected));
  };
}

function mustBe(place: string, expected: string): string {
  return place === ''
    ? `The request body must be ${expected}.`
    : `The member '${place}' must be ${expected}.`;
}

function join(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
