import assert from 'node:assert/strict';
import { faultsInExpression, runtimeExpression } from '../../../../local/runner/expressions/index.ts';
import { PLACE, problemOf, valueOf } from './evaluating.ts';

const CASES: readonly [string, RegExp, RegExp | undefined, number][] = [
  ['eq(variables.a, "x")', /'"' has no meaning here/, /single quotes/, 16],
  ['variables.a == 1', /'=' has no meaning/, /eq, ne/, 12],
  ['eqq(1, 1)', /no function 'eqq'/, /Did you mean 'eq'/, 0],
  ['startWith(1, 1)', /no function 'startWith'/, /'startsWith'/, 0],
  ['varables.a', /'varables' is not known/, /'variables'/, 0],
  ['succeeded', /'succeeded' is not known/, /with brackets/, 0],
  ['eq(1, 2', /'\)' is missing before the end/, undefined, 7],
  ['eq(1,, 2)', /',' was not expected/, undefined, 5],
  ['', /empty/, undefined, 0],
  ['1 2', /'2' was not expected/, undefined, 2],
  ["'abc", /no closing quote/, undefined, 0],
  ['variables.1a', /'1a' is neither/, undefined, 10],
  ['variables.(a)', /A name must follow the dot/, /\['like this'\]/, 10],
  ['$(a)', /'\$' has no meaning/, /variables\['name'\]/, 0],
  ['1.2.3.4.5', /neither a number nor a version/, undefined, 0],
  ['12abc', /neither a number nor a version/, undefined, 0],
]; // prettier-ignore

describe('mistakes in expressions', () => {
  for (const [expression, message, next, offset] of CASES) {
    it(`in ${expression || 'nothing'} are named with their column`, () => {
      const problem = problemOf(() => valueOf(expression, { variables: {} }));
      assert.match(problem.message, message);
      if (next) assert.match(problem.next ?? '', next);
      assert.deepEqual(problem.place, { file: 'pipeline.yml', line: 3, column: 5 + offset });
    });
  }

  it('are counted by line in a text of several lines', () => {
    const problem = problemOf(() => valueOf('and(\n  true,\n  foo()\n)'));
    assert.deepEqual(problem.place, { file: 'pipeline.yml', line: 5, column: 3 });
  });

  it('are all found before anything is evaluated', () => {
    const words = { names: ['variables'], status: false, counter: false };
    const found = faultsInExpression('and(foo(), bar.x, not(1, 2), succeeded())', words, PLACE);
    assert.equal(found.length, 4);
  });

  it('of depth and length end in words, not in a stack overflow', () => {
    const deep = `${'not('.repeat(3000)}1${')'.repeat(3000)}`;
    assert.match(problemOf(() => valueOf(deep)).message, /nest at most 50/);
    assert.match(
      problemOf(() => valueOf(`variables${'.a'.repeat(200)}`, { variables: {} })).message,
      /at most 50 links/,
    );
    assert.match(problemOf(() => valueOf(' '.repeat(30_000))).message, /at most 21000 characters/);
  });

  it('are not seen where there is no run-time expression', () => {
    assert.equal(runtimeExpression('$[ eq(1, 2) ]'), ' eq(1, 2) ');
    assert.equal(runtimeExpression('a $[ b ]'), undefined);
    assert.equal(runtimeExpression('$(a)'), undefined);
  });
});
