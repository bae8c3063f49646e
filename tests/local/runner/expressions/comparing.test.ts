import assert from 'node:assert/strict';
import { valueOf, problemOf } from './evaluating.ts';

const CASES: readonly [string, boolean][] = [
  ["eq('abc', 'ABC')", true],
  ["eq('true', true)", true],
  ["eq(true, 'false')", true], // text that is not empty is true
  ["eq(true, '')", false],
  ["eq(1, '1')", true],
  ["eq(1, ' 1.0 ')", true],
  ["eq(1000, '1,000')", true],
  ["eq('1', 1.0)", true],
  ["eq(1, 'one')", false],
  ["eq(0, '')", true],
  ["eq(variables.no, '')", true],
  ["eq('', variables.no)", true],
  ["eq(variables.no, 'x')", false],
  ["eq(variables.no, 0)", false],
  ["eq(0, variables.no)", true],
  ["eq(1.2.3, '1.2.3')", true],
  ["eq('1.2.3', 1.2.3)", true],
  ["eq(1.2.3, '1.2')", false],
  ["ne('a', 'b')", true],
  ["ne(1, 'x')", true],
  ["gt(10, '9')", true],
  ["gt('10', '9')", false], // as text
  ["gt(1.10.0, '1.9.0')", true],
  ["lt(1.2.3, '1.2.3.0')", true],
  ["ge(2, 2)", true],
  ["le('a', 'B')", true],
  ["lt(false, 'x')", true],
  ["in('b', 'A', 'B')", true],
  ["in('d', 'A', 'B')", false],
  ["in('d')", false],
  ["notIn(2, '1', '3')", true],
]; // prettier-ignore

describe('comparisons', () => {
  for (const [expression, expected] of CASES) {
    it(`${expression} is ${expected}`, () => {
      assert.equal(valueOf(expression, { variables: {} }), expected);
    });
  }

  it('find two lists equal only when they are the same list', () => {
    const names = { variables: { one: [1], other: [1] } };
    assert.equal(valueOf('eq(variables.one, variables.one)', names), true);
    assert.equal(valueOf('eq(variables.one, variables.other)', names), false);
  });

  it('say what cannot be put in order', () => {
    assert.match(problemOf(() => valueOf("gt(1, 'x')")).message, /text cannot be compared with a number/);
    assert.match(
      problemOf(() => valueOf('lt(1.2.3, true)')).message,
      /a boolean cannot be compared with a version/,
    );
  });
});
