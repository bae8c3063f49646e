import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** SHA-256 in lower-case hex of the canonical form (RFC 8785): equal documents have equal hashes, whatever their key order. */
export function hashOf(document: Json): string {
  return createHash('sha256')
    .update(canonicalize(document) ?? 'null')
    .digest('hex');
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members that are not named. */
export function without<T>(
  members: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
