import { Real, Reference, Secret, type Draft, type DraftMap } from './compilation.ts';

/** A body of the members that have a value. */
export function draft(members: Readonly<Record<string, Draft | undefined>>): DraftMap {
  const body: Record<string, Draft> = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) body[key] = value;
  return body;
}

export function isDraftMap(value: Draft | undefined): value is DraftMap {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (value instanceof Reference || value instanceof Real || value instanceof Secret) return false;
  return isObject;
}

/** The same members, each in another form. */
export function mapValues<T, U>(
  members: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, change(value)]));
}

/** Seconds as the ISO 8601 duration the service takes (`3601` -> `PT1H1S`); none and zero are left out. */
export function seconds(value: number | undefined): string | undefined {
  return value ? isoDuration(value * 1000) : undefined;
}

/** Milliseconds as an ISO 8601 duration (`100` -> `PT0.1S`). */
export function milliseconds(value: number | undefined): string | undefined {
  return value ? isoDuration(value) : undefined;
}

function isoDuration(totalInMs: number): string {
  const sign = totalInMs < 0 ? '-' : '';
  const total = Math.abs(totalInMs);
  const days = Math.floor(total / 86_400_000);
  const hours = Math.floor(total / 3_600_000) % 24;
  const minutes = Math.floor(total / 60_000) % 60;
  const rest = (total % 60_000) / 1000;
  const time = `${part(hours, 'H')}${part(minutes, 'M')}${part(rest, 'S')}`;
  return `${sign}P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
}

function part(value: number, unit: string): string {
  return value === 0 ? '' : `${value}${unit}`;
}
