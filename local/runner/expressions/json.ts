import { asText } from './convert.ts';
import { isList, isMap, type Value } from './value.ts';

/** Plain JSON to a Value: objects become ordered maps; what JSON cannot hold becomes null. */
export function toValue(json: unknown): Value {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map(toValue);
  if (json instanceof Date) return json;
  if (json instanceof Map) return new Map([...json].map(([key, value]) => [String(key), toValue(value)]));
  if (typeof json !== 'object' || json === null) return null;
  return new Map(Object.entries(json).map(([key, value]) => [key, toValue(value)]));
}

/** A Value as plain data, in the shape JSON.stringify writes. */
export function toPlain(value: Value): unknown {
  if (isList(value)) return value.map(toPlain);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]));
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  return asText(value);
}
