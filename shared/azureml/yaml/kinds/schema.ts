import type { Kind } from '../compilation.ts';
import type { YamlMap } from '../document/node.ts';
import type { Scope } from '../fields/scope.ts';
import { NAMES, USE_OF, type NamedKind } from './names.ts';

/** What a file's `$schema` says, which is a hint for editors: the kinds it stands for, or nothing that is known. */
export function schemaKinds(root: YamlMap): readonly NamedKind[] {
  const node = root.entries.get('$schema')?.value;
  return node?.kind === 'scalar' ? kindsOfUrl(node.text) : [];
}

/** Both spellings: `https://.../latest/commandJob.schema.json` and `http://azureml/sdk-2-0/CommandJob.json`. */
export function kindsOfUrl(url: string): readonly NamedKind[] {
  const name = /([A-Za-z\d]+)(?:\.schema)?\.json$/.exec(url.trim())?.[1];
  return (name !== undefined && NAMES.get(name.toLowerCase())) || [];
}

/** Warns where `$schema` names another kind than the one the file is read as. */
export function told(kind: Kind, root: YamlMap, scope: Scope): void {
  const schema = root.entries.get('$schema')?.value;
  const kinds = schemaKinds(root);
  if (schema?.kind === 'scalar' && schema.type === 'null' && USE_OF[kind] !== 'component')
    scope.refuse(schema.at, "'$schema' is empty.", 'Write an address, or leave it out.');
  if (!schema || kinds.length === 0 || kinds.includes(kind)) return;
  scope.warn(schema.at, `'$schema' names the kind ${kinds[0]!}, but the file is read as ${kind}.`);
}
