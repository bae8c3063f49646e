import { Secret } from '../compilation.ts';
import { text } from './basic.ts';
import type { Field } from './field.ts';

/** Text that no message and no printed plan shows. */
export const secret: Field<Secret> = {
  expected: 'text',
  read(node, scope) {
    const value = text.read(node, scope.secretly());
    return value === undefined ? undefined : new Secret(value);
  },
};

/** A field in which secrets stand: nothing written in it appears in a message. */
export function confidential<T>(field: Field<T>): Field<T> {
  return { ...field, read: (node, scope) => field.read(node, scope.secretly()) };
}
