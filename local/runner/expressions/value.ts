/** A version such as `1.2.3`: two to four numbers. */
export class Version {
  constructor(readonly parts: readonly number[]) {}

  toString(): string {
    return this.parts.join('.');
  }
}

/** What an expression comes to. Maps keep their order and are looked up without regard to case. */
export type Value = null | boolean | number | string | Version | Date | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return value instanceof Map;
}

export function isCollection(value: Value): value is readonly Value[] | ValueMap {
  return isList(value) || isMap(value);
}

/** A word for the kind of a value, for messages. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (value instanceof Version) return 'a version';
  if (value instanceof Date) return 'a date';
  return typeof value === 'boolean' ? 'a boolean' : typeof value === 'number' ? 'a number' : 'text';
}

/** What is found under a name: the exact name first, then without regard to case; null when there is none. */
export function lookUp(map: ValueMap, name: string): Value {
  const exact = map.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of map) if (key.toLowerCase() === wanted) return value;
  return null;
}
