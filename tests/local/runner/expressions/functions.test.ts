import assert from 'node:assert/strict';
import { toPlain } from '../../../../local/runner/expressions/index.ts';
import { problemOf, valueOf } from './evaluating.ts';

const NAMES = {
  variables: { empty: '', list: 'prod1,prod2' },
  parameters: { list: ['a', 1, true, { x: 1 }], map: { one: 'x', two: ['y'] } },
};

const CASES: readonly [string, unknown][] = [
  ["and(true, 'x', 1)", true],
  ['and(true, 0)', false],
  ["or('', 0, 'x')", true],
  ['not(variables.no)', true],
  ["xor(true, '')", true],
  ['xor(true, true)', false],
  ["contains('ABCDE', 'bcd')", true],
  ["startsWith('refs/heads/main', 'REFS/')", true],
  ["endsWith('abc', 'b')", false],
  ['startsWith(123, 12)', true],
  ["containsValue(parameters.list, '1')", true],
  ["containsValue(parameters.map, 'X')", true],
  ["containsValue(parameters.map, 'y')", false],
  ["containsValue('abc', 'a')", false],
  ["coalesce(variables.no, variables.empty, 'z', 'y')", 'z'],
  ["coalesce(variables.no, '')", null],
  ["iif(eq(1, 1), 'yes', 'no')", 'yes'],
  ["format('Hello {0} {1}{0}', 'John', 2)", 'Hello John 2John'],
  ["format('{{0}} {0}', true)", '{0} True'],
  ["join(';', parameters.list)", 'a;1;True;'],
  ["join(';', 'alone')", 'alone'],
  ["split(variables.list, ',')", ['prod1', 'prod2']],
  ["split('a, b,', ', ')", ['a', '', 'b', '']],
  ["split('abc', '')", ['abc']],
  ["replace('https://a/b', 'https://a', 'http://$&')", 'http://$&/b'],
  ["replace('abc', '', 'x')", 'abc'],
  ["length('fabrikam')", 8],
  ['length(parameters.list)', 4],
  ['length(parameters.map)', 2],
  ["lower('ABC')", 'abc'],
  ["upper('abc')", 'ABC'],
  ["trim('  a b ')", 'a b'],
  ["convertToJson(parameters.map)", '{\n  "one": "x",\n  "two": [\n    "y"\n  ]\n}'],
]; // prettier-ignore

describe('functions', () => {
  for (const [expression, expected] of CASES) {
    it(`${expression} gives ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(toPlain(valueOf(expression, NAMES)), expected);
    });
  }

  it('stop as soon as the answer is known', () => {
    assert.equal(valueOf("and(false, gt(1, 'x'))"), false);
    assert.equal(valueOf("or(true, gt(1, 'x'))"), true);
    assert.equal(valueOf("iif(true, 1, gt(1, 'x'))"), 1);
    assert.equal(valueOf("in(1, 1, gt(1, 'x'))"), true);
  });

  it('write dates as asked', () => {
    const pipeline = { startTime: new Date('2024-03-05T14:07:09.042Z') };
    assert.equal(valueOf("format('{0:yyyyMMdd}', pipeline.startTime)", { pipeline }), '20240305');
    assert.equal(
      valueOf("format('{0:ddd d MMM yy, hh:mm tt}', pipeline.startTime)", { pipeline }),
      'Tue 5 Mar 24, 02:07 PM',
    );
    assert.equal(valueOf("format('{0:HH\\hmm.ss.fff}', pipeline.startTime)", { pipeline }), '14h07.09.042');
  });

  it('count on only where a counter is offered', () => {
    const counter = (prefix: string, seed: number) => seed + prefix.length;
    assert.equal(valueOf("counter('abc', 100)", {}, { counter }), 103);
    assert.match(problemOf(() => valueOf("counter('abc', 100)")).message, /only in a variable/);
  });

  it('say what is wrong with their arguments', () => {
    const wrong = (expression: string) => problemOf(() => valueOf(expression, NAMES)).message;
    assert.match(wrong("format('{0} {1}', 'a')"), /asks for \{1\}, but only 1/);
    assert.match(wrong("format('{')"), /single '\{'/);
    assert.match(wrong("format('{0:yyyy}', 'a')"), /cannot write text as 'yyyy'/);
    assert.match(wrong('lower(parameters.list)'), /a list cannot be used as text/);
    assert.match(wrong('eq(1)'), /eq takes 2 arguments, not 1/);
    assert.match(wrong('not(1, 2)'), /not takes 1 argument, not 2/);
    assert.match(wrong('and(1)'), /and takes at least 2 arguments, not 1/);
  });
});
