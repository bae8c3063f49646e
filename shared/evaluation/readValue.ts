import { isScalar } from 'yaml';
import type { Entry, PolicyDocument } from './document.ts';
import type { Distance } from './policy.ts';
import { suggestion } from './suggest.ts';

const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;

/** Text that is not empty; undefined, with a complaint, for anything else that is written. */
export function readText(document: PolicyDocument, entry: Entry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const value = scalar(entry);
  if (typeof value === 'string' && value.trim() !== '') return value;
  document.complain(entry.value ?? entry.keyNode, `'${entry.key}' must be text.`);
  return undefined;
}

/** One of a few words, exactly as written here. */
export function readWord<T extends string>(
  document: PolicyDocument,
  entry: Entry | undefined,
  choices: readonly T[],
  fallback: T,
): T {
  if (entry === undefined) return fallback;
  const value = scalar(entry);
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const message = `'${entry.key}' cannot be ${shown(value)}.`;
  document.complain(entry.value ?? entry.keyNode, message, suggestion(String(value ?? ''), choices));
  return fallback;
}

export function readFlag(document: PolicyDocument, entry: Entry | undefined, fallback: boolean): boolean {
  if (entry === undefined) return fallback;
  const value = scalar(entry);
  if (typeof value === 'boolean') return value;
  document.complain(
    entry.value ?? entry.keyNode,
    `'${entry.key}' must be true or false, not ${shown(value)}.`,
  );
  return fallback;
}

/** A finite number; NaN and infinity are refused by name. */
export function readNumber(document: PolicyDocument, entry: Entry | undefined): number | undefined {
  if (entry === undefined) return undefined;
  const value = scalar(entry);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  document.complain(
    entry.value ?? entry.keyNode,
    `'${entry.key}' must be a finite number, not ${shown(value)}.`,
  );
  return undefined;
}

/** `0.5` in the metric's own unit, or `2%` of the champion's value. */
export function readDistance(document: PolicyDocument, entry: Entry | undefined): Distance | undefined {
  if (entry === undefined) return undefined;
  const value = scalar(entry);
  const percent = typeof value === 'string' ? Number(PERCENT.exec(value)?.[1] ?? Number.NaN) : Number.NaN;
  if (Number.isFinite(percent)) return { percent };
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return { absolute: value };
  const message = `'${entry.key}' must be a number that is not negative, or a percentage such as 2%, not ${shown(value)}.`;
  document.complain(entry.value ?? entry.keyNode, message);
  return undefined;
}

function scalar(entry: Entry): unknown {
  return isScalar(entry.value) ? entry.value.value : undefined;
}

function shown(value: unknown): string {
  if (value === undefined) return 'a list or map';
  if (value === null) return 'empty';
  return typeof value === 'string' ? `'${value}'` : String(value);
}
