import type { Hint } from './bodies.ts';

/** What the bodies of a resource need from the workspace they are sent to. */
export interface Surroundings {
  /** The workspace's ARM id. */
  readonly workspace: string;
}

/** A resource whose bodies are generated and sent. */
export interface Generated {
  /** As the published types name it, below `workspaces` unless it begins with that or with `registries`. */
  readonly resource: string;
  /** The path of the `number`th body. */
  readonly path: (number: number) => string;
  /** Further kinds of bodies that no discriminator tells apart, each with what its members must hold. */
  readonly hints: (surroundings: Surroundings) => readonly Hint[];
  /** Members that the service needs although the schema does not; patterns of paths. */
  readonly needs?: readonly RegExp[];
  /** The kind by discriminator that operations are tried with; absent: the first. */
  readonly tried?: string;
  /** Kinds by discriminator that are understood and not offered, with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** The resource as the published types name it. */
export function fullNameOf({ resource }: Generated): string {
  return /^(workspaces|registries)(\/|$)/.test(resource) ? resource : `workspaces/${resource}`;
}

/** A hint from patterns of paths to values; the first that matches counts. */
export function hints(...entries: readonly (readonly [RegExp, unknown])[]): Hint {
  return (path) => entries.find(([pattern]) => pattern.test(path))?.[1];
}
