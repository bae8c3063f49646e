import type { YamlNode } from '../document/node.ts';
import type { Scope } from './scope.ts';

/** Reads one value; what it cannot read it reports to the scope and answers with undefined. */
export interface Field<T> {
  /** What the value must be, for messages: "a whole number". */
  readonly expected: string;
  /** Whether an empty value is one. */
  readonly acceptsNull?: boolean;
  readonly isRequired?: boolean;
  read(node: YamlNode, scope: Scope): T | undefined;
}

/** Reads a value that is there; the reference client refuses empty ones wherever it does not expect them. */
export function readField<T>(field: Field<T>, node: YamlNode, scope: Scope): T | undefined {
  const isEmpty = node.kind === 'scalar' && node.type === 'null';
  return isEmpty && !field.acceptsNull ? scope.unexpected(node, field.expected) : field.read(node, scope);
}

export function required<T>(field: Field<T>): Field<T> {
  return { ...field, isRequired: true };
}

/** The same field, where an empty value is as good as none. */
export function optional<T>(field: Field<T>): Field<T> {
  return {
    ...field,
    acceptsNull: true,
    read: (node, scope) =>
      node.kind === 'scalar' && node.type === 'null' ? undefined : field.read(node, scope),
  };
}

/** The same field, with what it read put into another form. */
export function mapped<T, U>(
  field: Field<T>,
  change: (value: T, node: YamlNode, scope: Scope) => U | undefined,
): Field<U> {
  return {
    ...field,
    read(node, scope) {
      const value = field.read(node, scope);
      return value === undefined ? undefined : change(value, node, scope);
    },
  };
}
