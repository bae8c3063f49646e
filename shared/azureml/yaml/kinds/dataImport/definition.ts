import type { DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, anything, oneOf, text, version } from '../../fields/basic.ts';
import { listOf, mapOf, members, record, type Members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { registeredName } from '../job/outputs.ts';

/** Where imported data comes from. */
export interface ImportSource {
  readonly kind: 'database' | 'file_system';
  readonly connection: string | undefined;
  readonly query?: string | undefined;
  readonly path?: string | undefined;
  readonly procedure?: string | undefined;
  readonly parameters?: readonly DraftMap[] | undefined;
}

const parameter = record({ name: text, value: text, type: text });
const databaseShape = {
  type: text,
  connection: required(text),
  query: text,
  table_name: text,
  stored_procedure: text,
  stored_procedure_params: listOf(parameter),
};
const fileShape = { type: text, connection: required(text), path: text };

/** A query of a database, or files of a store outside. */
const importSource: Field<ImportSource> = {
  expected: 'a mapping with type database or file_system',
  read(node, scope) {
    const type = oneOf(['database', 'file_system']);
    const kind = members(node, scope, { type }, { open: true });
    if (!kind) return undefined;
    if (kind.type === 'database') return databaseOf(node, scope);
    const read = members(node, scope, fileShape);
    return read && { kind: 'file_system', connection: read.connection, path: read.path };
  },
};

function databaseOf(node: YamlNode, scope: Scope): ImportSource | undefined {
  const read = members(node, scope, databaseShape);
  if (!read) return undefined;
  return {
    kind: 'database',
    connection: read.connection,
    query: read.query,
    procedure: read.stored_procedure,
    parameters: read.stored_procedure_params?.map((one) => draft(one)),
  };
}

const IGNORED = ['$schema', 'id', 'creation_context', 'latest_version', 'properties'];
export const importShape = {
  name: required(registeredName),
  version,
  type: oneOf(['uri_file', 'uri_folder', 'mltable'], { exactCase: true }),
  path: required(text),
  description: text,
  tags: mapOf(everythingAsText),
  datastore: text,
  auto_delete_setting: anything,
  source: required(importSource),
};
export type ImportRead = Members<typeof importShape>;

export function readImport(node: YamlNode, scope: Scope): ImportRead | undefined {
  return members(node, scope, importShape, { ignored: IGNORED });
}
