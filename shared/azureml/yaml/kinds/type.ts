import type { Kind } from '../compilation.ts';
import type { YamlMap } from '../document/node.ts';
import { nearest } from '../fields/nearest.ts';
import type { Scope } from '../fields/scope.ts';

export interface TypeChoice<K extends Kind> {
  /** How messages name what the type is of: "job". */
  readonly what: string;
  readonly types: Readonly<Record<string, K>>;
  /** Words the reference client knows too, whose kinds are not offered. */
  readonly others?: readonly string[];
  /** Whether capitals do not matter. */
  readonly anyCase?: boolean;
}

/** The kind that the word after `type:` stands for; reported where it stands for none. */
export function byType<K extends Kind>(
  root: YamlMap,
  scope: Scope,
  { what, types, others = [], anyCase = false }: TypeChoice<K>,
): K | undefined {
  const node = root.entries.get('type')?.value;
  const given = node?.kind === 'scalar' ? node.text : '';
  const word = anyCase ? given.toLowerCase() : given;
  const kind = Object.hasOwn(types, word) ? types[word] : undefined;
  if (kind) return kind;
  const at = node?.at ?? root.at;
  const offered = Object.keys(types).join(', ');
  if (others.includes(word)) {
    return scope.unsupported(at, `The ${what} type '${word}' is not offered; these are: ${offered}.`);
  }
  const guess = nearest(word, [...Object.keys(types), ...others]);
  const hint = guess === undefined ? ` There are ${offered}.` : ` Did you mean '${guess}'?`;
  return scope.refuse(at, `There is no ${what} type '${word}'.${hint}`);
}
