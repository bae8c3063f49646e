import type { Field } from '../../fields/field.ts';
import { hasBinding } from '../../references/paths.ts';

/** A value that a step may also bind to an input of the pipeline, which is then sent as it stands. */
export function bindable<T>(field: Field<T>): Field<T | string> {
  return {
    ...field,
    read(node, scope) {
      const isBound = node.kind === 'scalar' && node.type === 'str' && hasBinding(node.value);
      return isBound ? node.value : field.read(node, scope);
    },
  };
}
