import type { DraftMap, KindsOfUse, Use } from '../compilation.ts';
import type { YamlMap } from '../document/node.ts';
import type { Scope } from '../fields/scope.ts';

/** What reading a file as one kind gives. */
export interface Reading {
  readonly name: string | undefined;
  readonly version?: string | undefined;
  readonly endpointName?: string | undefined;
  readonly body: DraftMap;
  /** Where the body holds what the stable api-version does not know. */
  readonly apiVersion?: string;
}

/** Reads a file as one kind; what is wrong goes to the scope. */
export type KindReader = (root: YamlMap, scope: Scope) => Reading | undefined;

/** The kinds a file can be when it is read for one use, and how the reference client tells them apart. */
export interface Family<U extends Use = Use> {
  /** How messages name the use: "a job". */
  readonly noun: string;
  /** From `type`, then from the keys; undefined (and reported) where that gives none. */
  choose(root: YamlMap, scope: Scope): KindsOfUse[U] | undefined;
  readonly readers: Readonly<Record<KindsOfUse[U], KindReader | Refused>>;
}

/** A kind that is known and refused, with the reason for people. */
export interface Refused {
  readonly reason: string;
}

/** The word after `type:`, if there is one. */
export function typeOf(root: YamlMap): string | undefined {
  const value = root.entries.get('type')?.value;
  return value?.kind === 'scalar' && value.type === 'str' ? value.value : undefined;
}
