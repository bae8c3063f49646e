import { OPERATORS, type Condition, type Operator } from '../../engine/events/conditions.ts';
import { isObject, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

const MOST_CONDITIONS = 25;
const MOST_VALUES = 25;

/** Reads advanced filters; so many filters and so many values in all, as Event Grid allows. */
export function readConditions(list: readonly unknown[]): Condition[] {
  const conditions = list.map(readCondition);
  const values = conditions.reduce((sum, { operands }) => sum + operands.length, 0);
  if (conditions.length > MOST_CONDITIONS || values > MOST_VALUES)
    throw userError(
      `A subscription may have ${MOST_CONDITIONS} advanced filters with ${MOST_VALUES} values in all.`,
    );
  return conditions;
}

function readCondition(value: unknown): Condition {
  const json = isObject(value) ? value : {};
  const members = new Members(json, 'advancedFilters');
  // The table's own keys.
  const words = Object.keys(OPERATORS) as Operator[];
  const operator = members.needed('operatorType', members.word('operatorType', words));
  const key = members.needed('key', members.text('key'));
  const wrong = (expected: string): Error =>
    userError(`The filter ${operator} on '${key}' needs ${expected}.`);
  const given = json['values'] ?? json['value'];
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  switch (OPERATORS[operator]) {
    case 'nothing':
      return { operator, key, operands: [] };
    case 'flag':
      if (typeof given !== 'boolean') throw wrong("'value': true or false");
      return { operator, key, operands: [given] };
    case 'number':
      if (typeof given !== 'number') throw wrong("'value': a number");
      return { operator, key, operands: [given] };
    case 'numbers':
      return { operator, key, operands: all.map((one) => numberIn(one, () => wrong("'values': numbers"))) };
    case 'texts':
      return { operator, key, operands: all.map((one) => textIn(one, () => wrong("'values': texts"))) };
    case 'ranges':
      return {
        ...{ operator, key },
        operands: all.map((one) => rangeIn(one, () => wrong("'values': pairs of numbers"))),
      };
  }
}

function numberIn(value: unknown, wrong: () => Error): number {
  if (typeof value === 'number') return value;
  throw wrong();
}

function textIn(value: unknown, wrong: () => Error): string {
  if (typeof value === 'string') return value;
  throw wrong();
}

function rangeIn(value: unknown, wrong: () => Error): readonly [number, number] {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [];
  if (pair.length !== 2) throw wrong();
  return [numberIn(pair[0], wrong), numberIn(pair[1], wrong)];
}
