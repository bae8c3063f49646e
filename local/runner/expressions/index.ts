import type { ExpressionContext } from './context.ts';
import type { Value } from './value.ts';
import type { Place } from '../plan.ts';

export type { ExpressionContext, JobResult, Status } from './context.ts';
export { Version, type Value, type ValueMap } from './value.ts';

/** Evaluates the inside of `$[ ]` or `${{ }}`; throws a Problem at `place` that names what is wrong. */
export declare function evaluate(expression: string, context: ExpressionContext, place: Place): Value;
/** Evaluates a `condition:`; undefined text means succeeded(). */
export declare function evaluateCondition(
  condition: { readonly text: string; readonly place: Place } | undefined,
  context: ExpressionContext,
): boolean;
/** Plain JSON to a Value: objects become ordered maps. */
export declare function toValue(json: unknown): Value;
/** How a value reads as text: true is `True`, null is empty, lists and maps are an error. */
export declare function toText(value: Value): string;
/** The text between `$[` and `]` when the whole text is a run-time expression, else undefined. */
export declare function runtimeExpression(text: string): string | undefined;
