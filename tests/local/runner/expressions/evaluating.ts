import {
  evaluate,
  toValue,
  type ExpressionContext,
  type Value,
} from '../../../../local/runner/expressions/index.ts';
import { Problem } from '../../../../shared/problem/index.ts';

export const PLACE = { file: 'pipeline.yml', line: 3, column: 5 };

export function contextOf(
  names: Record<string, unknown> = {},
  more: Partial<ExpressionContext> = {},
): ExpressionContext {
  return {
    names: Object.fromEntries(Object.entries(names).map(([name, value]) => [name, toValue(value)])),
    ...more,
  };
}

export function valueOf(
  expression: string,
  names: Record<string, unknown> = {},
  more: Partial<ExpressionContext> = {},
): Value {
  return evaluate(expression, contextOf(names, more), PLACE);
}

export function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('no problem was reported');
}

/** Text as an expression writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
