import type { Use } from '../compilation.ts';
import type { YamlMap } from '../document/node.ts';
import type { Scope } from '../fields/scope.ts';
import { candidates } from './candidates.ts';
import { REFUSED, USE_OF, type NamedKind } from './names.ts';
import { schemaKinds } from './schema.ts';

/**
 * What a file is read for where nobody says: `type` and the keys leave some kinds, and `$schema` chooses among them.
 * Where they leave none or several of different uses and `$schema` says nothing, that is reported.
 */
export function useOf<U extends Use>(root: YamlMap, scope: Scope, among?: readonly U[]): U | undefined {
  const found = possibleKinds(root);
  const other = found.find((kind) => kind in REFUSED);
  if (other) return refuseKind(other, root, scope);
  const uses = [...new Set(found.map((kind) => USE_OF[kind as keyof typeof USE_OF]))];
  const [use, ...more] = uses.filter((one): one is U => !among || among.some((known) => known === one));
  if (use && more.length === 0) return use;
  const next =
    "Say which with '$schema', for example https://azuremlschemas.azureedge.net/latest/model.schema.json.";
  return scope.refuse(
    root.at,
    found.length === 0
      ? 'Nothing in this file says what it describes.'
      : `This could be one of several kinds: ${found.join(', ')}.`,
    next,
  );
}

/** The kinds a file can be by `type` and its keys, and among them those that `$schema` names. */
export function possibleKinds(root: YamlMap): readonly NamedKind[] {
  const hinted = schemaKinds(root);
  const possible = candidates(root);
  const both = hinted.filter((kind) => kind in REFUSED || possible.some((one) => one === kind));
  if (both.length > 0) return both;
  return possible.length > 0 ? possible : hinted;
}

function refuseKind(kind: NamedKind, root: YamlMap, scope: Scope): undefined {
  return scope.unsupported(root.at, `This is of the kind ${kind}. ${REFUSED[kind as keyof typeof REFUSED]}`);
}
