import type { DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { listOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';

export const TRANSFERS = ['copy_data', 'import_data', 'export_data'] as const;
export type Transfer = (typeof TRANSFERS)[number];

/** What is done where two inputs of a copy hold files of the same name. */
export const copyMode = oneOf(['merge_with_overwrite', 'fail_if_conflict']);

const STORES = ['database', 'file_system'] as const;

/** Where a component's data comes from or goes to: only its kind is known there. */
export const declaredStore: Field<DraftMap> = mapped(record({ type: required(oneOf(STORES)) }), (read) =>
  draft(read),
);

const parameter = mapped(record({ name: text, value: text, type: text }), (read) => draft(read));

/** A database (a table, query or procedure behind a connection) or a path of a file system behind one. */
export const store: Field<DraftMap> = {
  expected: 'a mapping with type database or file_system and a connection',
  read(node, scope) {
    const type = members(node, scope, { type: required(oneOf(STORES)) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const connection = required(text);
    const own =
      type === 'file_system'
        ? { path: text }
        : {
            table_name: text,
            query: text,
            stored_procedure: text,
            stored_procedure_params: listOf(parameter),
          };
    const read = members(node, scope, { type: text, connection, ...own });
    return read && { ...draft(read), type };
  },
};
