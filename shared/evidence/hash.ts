import canonicalize from 'canonicalize';
import { redact } from '../problem/index.ts';
import type { RecordedFile, RecordedNumber } from './record.ts';

/** The one way to write a value as JSON (RFC 8785). Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

/** SHA-256 of text as UTF-8, lower-case hex; by WebCrypto, so that a web page can check what a task wrote. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a value's canonical JSON. */
export function hashOf(value: unknown): Promise<string> {
  return sha256(canonicalJson(value));
}

/** One hash for all files of a model: of their paths, sizes and hashes, whatever order they come in. */
export function hashOfFiles(files: readonly RecordedFile[]): Promise<string> {
  const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  return hashOf(sorted.map(({ path, sizeInBytes, sha256: hash }) => ({ path, sizeInBytes, sha256: hash })));
}

/** Metrics as a record can hold them: JSON has no NaN and no infinity. */
export function recordMetrics(metrics: Readonly<Record<string, number>>): Record<string, RecordedNumber> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, recordNumber(value)]));
}

function recordNumber(value: number): RecordedNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** The numbers back, with NaN and infinity as themselves. */
export function recordedMetrics(metrics: Readonly<Record<string, RecordedNumber>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
}

/**
 * A copy that can be recorded: texts are valid Unicode (half a character, as hostile text may hold, has no UTF-8 and thus
 * no hash) and hold nothing that looks like a secret; members that are undefined are left out.
 */
export function recordable<T>(value: T): T;
export function recordable(value: unknown): unknown {
  if (typeof value === 'string') return redact(wellFormed(value));
  if (Array.isArray(value)) return value.map((item: unknown) => recordable(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [wellFormed(key), recordable<unknown>(member)]),
  );
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
