import { text } from '../../fields/basic.ts';
import { listOf } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';

/** Files beside the code folder that belong to the code: refused unless the list is empty. */
export const includes: Field<readonly string[]> = mapped(listOf(text), (list, node, scope) =>
  list.length === 0
    ? list
    : scope.unsupported(
        node.at,
        "'additional_includes' is not offered.",
        'Put the shared files under the code folder.',
      ),
);
