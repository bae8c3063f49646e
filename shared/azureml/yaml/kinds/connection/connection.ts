import { Secret, type Draft } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { anything, boolean, oneOfSnake, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import type { KindReader } from '../family.ts';
import {
  apiKey,
  connectionCredentials,
  ENTRA_SIGN_IN,
  NO_SIGN_IN,
  type ConnectionCredentials,
} from './credentials.ts';
import { CONNECTIONS, CONNECTION_TYPES, type ConnectionSort } from './sorts.ts';

const IGNORED = ['$schema', 'creation_context'];
const type = required(oneOfSnake(CONNECTION_TYPES));
const base = {
  name: required(text),
  id: text,
  type: text,
  description: text,
  target: text,
  is_shared: boolean,
  tags: mapOf(anything),
  metadata: mapOf(anything),
};
type Values = Readonly<Record<string, unknown>>;

/** The file of a connection to something outside the workspace. */
export const connection: KindReader = (node, scope) => {
  const word = members(node, scope, { type }, { open: true })?.type;
  if (word === undefined) return undefined;
  const sort: ConnectionSort = CONNECTIONS[word];
  const credentials = connectionCredentials(sort.signIns);
  const read = members(node, scope, { ...base, credentials, ...sort.shape }, { ignored: IGNORED });
  if (!read) return undefined;
  const properties = draft({
    ...signInOf(sort, read.credentials, read).body,
    category: sort.category,
    target: targetOf(sort, { node, scope, read }),
    metadata: { ...read.tags, ...read.metadata, ...metadataOf(sort, read) },
    isSharedToAll: read.is_shared ?? true,
  });
  return { name: read.name, body: { properties } };
};

function signInOf(
  sort: ConnectionSort,
  given: ConnectionCredentials | undefined,
  read: Values,
): ConnectionCredentials {
  if (sort.byKey) {
    const key = read['api_key'];
    if (key instanceof Secret && key.reveal() !== '') return apiKey(key);
    return given?.sort === 'api_key' ? given : ENTRA_SIGN_IN;
  }
  const usual = sort.signsInBy === 'aad' ? ENTRA_SIGN_IN : NO_SIGN_IN;
  return given === undefined || given.sort === 'none' ? usual : given;
}

interface Target {
  readonly node: YamlMap;
  readonly scope: Scope;
  readonly read: Values & { readonly target?: string | undefined };
}

function targetOf(sort: ConnectionSort, { node, scope, read }: Target): Draft | undefined {
  const address = sort.address ?? 'target';
  const given = read[address];
  if (typeof given === 'string') return given;
  if (sort.category === 'AzureOneLake') return lakeHouse({ node, scope, read });
  if (sort.needsNoAddress || node.entries.has(address)) return read.target;
  return scope.refuse(node.at, `${scope.subject()} needs '${address}'.`);
}

/** Without a target, a lakehouse is named by endpoint, workspace and artifact. */
function lakeHouse({ node, scope, read }: Target): string | undefined {
  for (const key of ['artifact', 'one_lake_workspace_name'])
    if (!read[key] && !node.entries.has(key))
      scope.refuse(node.at, `${scope.subject()} needs '${key}' where there is no 'target'.`);
  const artifact = read['artifact'] as { readonly name?: string } | undefined;
  const name = artifact?.name ?? '';
  const isId = /^.{7}-.{4}-.{4}-.{4}.{12}/.test(name);
  const folder = `https://${String(read['endpoint'])}/${String(read['one_lake_workspace_name'])}`;
  return `${folder}/${name}${isId ? '' : '.Lakehouse'}`;
}

function metadataOf(sort: ConnectionSort, read: Values): Readonly<Record<string, Draft>> {
  const values = Object.entries(sort.metadata).map(([member, name]) => [
    name,
    read[member] as Draft | undefined,
  ]);
  return { ...sort.constants, ...draft(Object.fromEntries(values) as Record<string, Draft | undefined>) };
}
