import type { Json } from './records/index.ts';

/** Every entry that is a JSON object, converted. */
export function mapRecord<T>(value: unknown, convert: (entry: Json) => T): Record<string, T> {
  const entries = Object.entries(recordOf(value)).filter(([, entry]) => isRecord(entry));
  return Object.fromEntries(entries.map(([name, entry]) => [name, convert(recordOf(entry))]));
}

export function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(recordOf(value));
  return Object.fromEntries(entries.map(([name, text]) => [name, literalText(text) ?? '']));
}

export function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Literals arrive as text; numbers and booleans that were not made text are written as Python writes them. */
export function literalText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `{ [key]: value }`, or nothing when there is no value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };
}
