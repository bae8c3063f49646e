import { Problem } from '../../../shared/problem/index.ts';
import type { Place, Text } from '../plan.ts';
import { toBoolean } from './convert.ts';
import type { ExpressionContext } from './context.ts';
import { compute, faultsIn, type Vocabulary } from './evaluate.ts';
import { ExpressionFailure } from './failure.ts';
import { parse, type Tree } from './parser.ts';
import type { Value } from './value.ts';

export type { ExpressionContext, JobResult, Status } from './context.ts';
export type { Vocabulary } from './evaluate.ts';
export { closest } from './closest.ts';
export { ArgumentFailure, type ExpressionFunction } from './functions.ts';
export { asText, toBoolean } from './convert.ts';
export { toPlain, toValue } from './json.ts';
export { isList, isMap, kindOf, lookUp, Version, type Value, type ValueMap } from './value.ts';

/** Evaluates the inside of `$[ ]` or `${{ }}`, which starts at `place`; throws a Problem that names what is wrong. */
export function evaluate(expression: string, context: ExpressionContext, place: Place): Value {
  const [tree, fault] = check(expression, vocabularyOf(context), place);
  if (fault[0] || !tree) throw fault[0] ?? new Problem({ code: 'internal', message: 'No expression.' });
  try {
    return compute(tree, context);
  } catch (error) {
    if (error instanceof ExpressionFailure) throw problemOf(error, expression, place);
    throw error;
  }
}

/** Evaluates a `condition:`; none means succeeded(). */
export function evaluateCondition(condition: Text | undefined, context: ExpressionContext): boolean {
  const nowhere: Place = { file: '', line: 1, column: 1 };
  // An empty condition means the same as none.
  const text = condition?.text.trim() ? condition.text : 'succeeded()';
  return toBoolean(evaluate(text, context, condition?.place ?? nowhere));
}

/** Everything that can be found wrong with an expression before it is evaluated. */
export function faultsInExpression(expression: string, words: Vocabulary, place: Place): readonly Problem[] {
  return check(expression, words, place)[1];
}

/** The text between `$[` and `]` when the whole text is a run-time expression, else undefined. */
export function runtimeExpression(text: string): string | undefined {
  return /^\s*\$\[([\s\S]*)\]\s*$/.exec(text)?.[1];
}

function check(expression: string, words: Vocabulary, place: Place): [Tree | undefined, readonly Problem[]] {
  try {
    const tree = parse(expression);
    return [tree, [...faultsIn(tree, words)].map((fault) => problemOf(fault, expression, place))];
  } catch (error) {
    if (error instanceof ExpressionFailure) return [undefined, [problemOf(error, expression, place)]];
    throw error;
  }
}

function vocabularyOf(context: ExpressionContext): Vocabulary {
  return {
    names: Object.keys(context.names),
    status: context.status !== undefined,
    counter: context.counter !== undefined,
    ...(context.functions && { functions: context.functions }),
  };
}

function problemOf(failure: ExpressionFailure, expression: string, place: Place): Problem {
  const before = expression.slice(0, failure.offset).split('\n');
  const column = before.length > 1 ? before.at(-1)!.length + 1 : place.column + failure.offset;
  return new Problem({
    code: 'file',
    message: `The expression '${shortened(expression)}' is wrong: ${failure.message}`,
    ...(failure.next === undefined ? {} : { next: failure.next }),
    place: { ...place, line: place.line + before.length - 1, column },
  });
}

function shortened(text: string): string {
  const flat = text.trim().replace(/\s+/g, ' ');
  return flat.length > 120 ? `${flat.slice(0, 117)}...` : flat;
}
