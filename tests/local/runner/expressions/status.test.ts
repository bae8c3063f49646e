import assert from 'node:assert/strict';
import {
  evaluateCondition,
  type JobResult,
  type Status,
} from '../../../../local/runner/expressions/index.ts';
import { contextOf, PLACE, problemOf, valueOf } from './evaluating.ts';

const dependencies = (results: Record<string, JobResult>, canceled = false): Status => ({
  of: 'dependencies',
  results: new Map(Object.entries(results)),
  canceled,
});
const holds = (condition: string | undefined, status: Status): boolean =>
  evaluateCondition(
    condition === undefined ? undefined : { text: condition, place: PLACE },
    contextOf({}, { status }),
  );

describe('conditions of steps', () => {
  const step = (job: 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled'): Status => ({
    of: 'step',
    job,
  });

  it('mean succeeded() when there is none', () => {
    assert.equal(holds(undefined, step('SucceededWithIssues')), true);
    assert.equal(holds('  ', step('Failed')), false);
  });

  it('ask how the job goes so far', () => {
    assert.equal(holds('failed()', step('Failed')), true);
    assert.equal(holds('succeededOrFailed()', step('Failed')), true);
    assert.equal(holds('succeededOrFailed()', step('Canceled')), false);
    assert.equal(holds('canceled()', step('Canceled')), true);
    assert.equal(holds('Always()', step('Canceled')), true);
  });
});

describe('conditions of stages and jobs', () => {
  it('succeed only when everything before did, and skipped is not success', () => {
    assert.equal(holds(undefined, dependencies({})), true);
    assert.equal(holds(undefined, dependencies({ A: 'Succeeded', B: 'SucceededWithIssues' })), true);
    assert.equal(holds(undefined, dependencies({ A: 'Succeeded', B: 'Skipped' })), false);
    assert.equal(holds(undefined, dependencies({ A: 'Failed' })), false);
  });

  it('ask about single ones by name', () => {
    const status = dependencies({ A: 'Succeeded', B: 'Failed', C: 'Skipped' });
    assert.equal(holds("succeeded('a')", status), true);
    assert.equal(holds("succeeded('A', 'B')", status), false);
    assert.equal(holds("failed('A')", status), false);
    assert.equal(holds("failed('A', 'B')", status), true);
    assert.equal(holds("succeededOrFailed('B')", status), true);
    assert.equal(holds("succeededOrFailed('C')", status), false);
    assert.equal(holds("succeeded('nobody')", status), false);
  });

  it('do not count as succeeded or failed after something was skipped', () => {
    assert.equal(holds('succeededOrFailed()', dependencies({ A: 'Failed' })), true);
    assert.equal(holds('succeededOrFailed()', dependencies({ A: 'Skipped' })), false);
    assert.equal(holds('not(canceled())', dependencies({ A: 'Skipped' })), true);
  });

  it('let only always() and canceled() through once the run is cancelled', () => {
    const status = dependencies({ A: 'Succeeded', B: 'Failed' }, true);
    const through = ['always()', 'canceled()', 'succeeded()', 'failed()', 'succeededOrFailed()'];
    assert.deepEqual(
      through.filter((condition) => holds(condition, status)),
      ['always()', 'canceled()'],
    );
  });

  it('keep these questions out of variables', () => {
    assert.match(problemOf(() => valueOf('succeeded()')).message, /in conditions only/);
  });
});
