import { Problem } from '../../problem/index.ts';

/** A member of an answer that must be text; the service is at fault where it is not. */
export function textAt(answer: unknown, ...path: readonly string[]): string {
  const value = path.reduce<unknown>(
    (node, key) =>
      node !== null && typeof node === 'object'
        ? (node as Readonly<Record<string, unknown>>)[key]
        : undefined,
    answer,
  );
  if (typeof value === 'string' && value !== '') return value;
  throw new Problem({
    code: 'service',
    message: `The service's answer lacks '${path.join('.')}'.`,
    next: 'Try again; if it stays, report it with the request id in the debug log.',
  });
}

/** The `value` of a list answer. */
export function itemsOf(answer: unknown): readonly unknown[] {
  const value = answer !== null && typeof answer === 'object' && 'value' in answer ? answer.value : undefined;
  return Array.isArray(value) ? value : [];
}
