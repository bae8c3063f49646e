import { Problem } from '../../../shared/problem/index.ts';
import {
  asText,
  evaluate,
  runtimeExpression,
  type ExpressionContext,
  type Value,
} from '../expressions/index.ts';
import type { Text, Variables } from '../plan.ts';

/** A variable with its `$[ ]` evaluated; `$( )` is left to the agent. */
export interface EvaluatedVariable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
  readonly isReadOnly: boolean;
}

export interface LayerContext {
  /** What expressions see besides `variables`. */
  readonly names: Readonly<Record<string, Value>>;
  readonly counter?: ExpressionContext['counter'];
  /** A value that holds one of these is a secret too. */
  readonly secrets: readonly string[];
}

/** Evaluates one level of variables on top of those that hold already; an inner level wins over an outer one. */
export function evaluateVariables(
  definitions: Variables,
  outer: readonly EvaluatedVariable[],
  context: LayerContext,
): EvaluatedVariable[] {
  const all = new Map(outer.map((one) => [one.name.toLowerCase(), one]));
  for (const [name, { value, readOnly }] of definitions) {
    const names = { ...context.names, variables: variablesValue([...all.values()]) };
    const { counter } = context;
    const text = evaluated(name, value, { names, ...(counter && { counter }) });
    const isSecret =
      all.get(name.toLowerCase())?.isSecret === true ||
      context.secrets.some((secret) => text.includes(secret));
    all.set(name.toLowerCase(), { name, value: text, isSecret, isReadOnly: readOnly });
  }
  return [...all.values()];
}

function evaluated(name: string, { text, place }: Text, context: ExpressionContext): string {
  const expression = runtimeExpression(text);
  if (expression === undefined) return text;
  const inside = { ...place, column: place.column + text.indexOf('$[') + 2 };
  const result = asText(evaluate(expression, context, inside));
  if (result !== undefined) return result;
  const message = `The variable '${name}' comes to a list or map, which no variable can hold.`;
  throw new Problem({ code: 'file', message, place: inside });
}

/** `variables` as expressions see it. */
export function variablesValue(
  variables: readonly { readonly name: string; readonly value: string }[],
): Value {
  return new Map<string, Value>(variables.map((one) => [one.name, one.value]));
}
