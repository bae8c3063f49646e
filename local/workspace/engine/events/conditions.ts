/** The operators of advanced filters, with what each compares with. */
export const OPERATORS = {
  NumberIn: 'numbers',
  NumberNotIn: 'numbers',
  NumberLessThan: 'number',
  NumberGreaterThan: 'number',
  NumberLessThanOrEquals: 'number',
  NumberGreaterThanOrEquals: 'number',
  NumberInRange: 'ranges',
  NumberNotInRange: 'ranges',
  BoolEquals: 'flag',
  StringIn: 'texts',
  StringNotIn: 'texts',
  StringBeginsWith: 'texts',
  StringNotBeginsWith: 'texts',
  StringEndsWith: 'texts',
  StringNotEndsWith: 'texts',
  StringContains: 'texts',
  StringNotContains: 'texts',
  IsNullOrUndefined: 'nothing',
  IsNotNull: 'nothing',
} as const;
export type Operator = keyof typeof OPERATORS;

/** One advanced filter. `operands` are alternatives; a range is a pair. */
export interface Condition {
  readonly operator: Operator;
  readonly key: string;
  readonly operands: readonly (string | number | boolean | readonly [number, number])[];
}

/** Whether a condition holds for what its key names. A list counts only when asked for: then one of its values is enough. */
export function holds(condition: Condition, value: unknown, inLists: boolean): boolean {
  const { operator } = condition;
  if (operator === 'IsNullOrUndefined') return value === undefined || value === null;
  if (operator === 'IsNotNull') return value !== undefined && value !== null;
  const values: readonly unknown[] = Array.isArray(value) ? (inLists ? value : []) : [value];
  // What is refused must be found nowhere; a key that is not there is no match of anything.
  if (isNegative(operator)) return values.every((one) => !fitsAny(condition, one));
  return values.some((one) => fitsAny(condition, one));
}

function isNegative(operator: Operator): boolean {
  return operator.includes('Not');
}

function fitsAny({ operator, operands }: Condition, value: unknown): boolean {
  return operands.some((operand) => {
    if (Array.isArray(operand)) return typeof value === 'number' && isWithin(value, operand);
    if (typeof operand === 'boolean') return value === operand;
    if (typeof operand === 'number') return typeof value === 'number' && compares(operator, value, operand);
    return typeof value === 'string' && matches(operator, value.toLowerCase(), String(operand).toLowerCase());
  });
}

function isWithin(value: number, [from, to]: readonly number[]): boolean {
  return value >= (from ?? 0) && value <= (to ?? 0);
}

function compares(operator: Operator, value: number, operand: number): boolean {
  switch (operator) {
    case 'NumberLessThan':
      return value < operand;
    case 'NumberGreaterThan':
      return value > operand;
    case 'NumberLessThanOrEquals':
      return value <= operand;
    case 'NumberGreaterThanOrEquals':
      return value >= operand;
    default:
      return value === operand;
  }
}

function matches(operator: Operator, value: string, operand: string): boolean {
  if (operator.endsWith('BeginsWith')) return value.startsWith(operand);
  if (operator.endsWith('EndsWith')) return value.endsWith(operand);
  return operator.endsWith('Contains') ? value.includes(operand) : value === operand;
}
