import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const TRIGGERS = fileURLToPath(new URL('../../samples/triggers', import.meta.url));

export interface Template {
  readonly parameters: Readonly<Record<string, { readonly defaultValue?: unknown }>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly resources: readonly any[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- looked into freely
  readonly outputs: unknown;
}

/** A template of the sample. */
export const templateOf = (name: string): Template =>
  JSON.parse(readFileSync(path.join(TRIGGERS, 'infrastructure', name), 'utf8'));

/** The few expressions of the templates that stand in what is sent here. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a template is looked into freely
export function rendered(value: any, parameters: Readonly<Record<string, unknown>>): any {
  if (Array.isArray(value)) return value.map((one) => rendered(one, parameters));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rendered(one, parameters)]));
  if (typeof value !== 'string') return value;
  const plain = /^\[parameters\('(\w+)'\)\]$/.exec(value);
  if (plain) return parameters[plain[1] ?? ''];
  const format = /^\[format\('([^']*)', parameters\('(\w+)'\)\)\]$/.exec(value);
  return format ? format[1]?.replace('{0}', String(parameters[format[2] ?? ''])) : value;
}
