import assert from 'node:assert/strict';
import { newEvent } from '../../../../../local/workspace/engine/events/event.ts';
import { passes, type EventFilter } from '../../../../../local/workspace/engine/events/filter.ts';
import { pauseAfter } from '../../../../../local/workspace/engine/events/retry.ts';
import { readConditions } from '../../../../../local/workspace/services/eventSubscriptions/readConditions.ts';

const event = newEvent('RunStatusChanged', {
  subject: 'experiments/E/runs/R1',
  time: '2027-01-01T00:00:00Z',
  data: {
    ...{ runId: 'R1', attempt: 3, done: true, words: ['one', 'two'] },
    runTags: { 'delivery.passed': 'true', stage: 'Production' },
  },
});

function wanted(own: Partial<EventFilter>): boolean {
  const all = {
    ...{ subjectBeginsWith: '', subjectEndsWith: '', isSubjectCaseSensitive: false },
    ...{ enableAdvancedFilteringOnArrays: false, advancedFilters: [] },
  };
  return passes({ ...all, ...own }, event, '/topic');
}

describe('A filter of an event subscription', () => {
  it('compares types and subjects without case, unless the subject shall have it', () => {
    assert.ok(wanted({ includedEventTypes: ['microsoft.machinelearningservices.RUNSTATUSCHANGED'] }));
    assert.ok(!wanted({ includedEventTypes: ['Microsoft.MachineLearningServices.RunCompleted'] }));
    assert.ok(wanted({ subjectBeginsWith: 'EXPERIMENTS/', subjectEndsWith: '/r1' }));
    assert.ok(!wanted({ subjectEndsWith: '/r1', isSubjectCaseSensitive: true }));
  });

  const cases: readonly (readonly [boolean, object])[] = [
    [true, { operatorType: 'StringIn', key: 'data.RunTags.Stage', values: ['staging', 'production'] }],
    [true, { operatorType: 'StringIn', key: 'data.runTags.delivery.passed', values: ['true'] }],
    [false, { operatorType: 'StringIn', key: 'data.runTags.missing', values: ['x'] }],
    [true, { operatorType: 'StringNotIn', key: 'data.runTags.missing', values: ['x'] }],
    [false, { operatorType: 'StringNotContains', key: 'data.runTags.stage', values: ['duct'] }],
    [true, { operatorType: 'StringBeginsWith', key: 'subject', values: ['experiments/'] }],
    [true, { operatorType: 'StringEndsWith', key: 'source', values: ['opic'] }],
    [true, { operatorType: 'NumberGreaterThanOrEquals', key: 'data.attempt', value: 3 }],
    [false, { operatorType: 'NumberLessThan', key: 'data.attempt', value: 3 }],
    [true, { operatorType: 'NumberIn', key: 'data.attempt', values: [1, 3] }],
    [true, { operatorType: 'NumberInRange', key: 'data.attempt', values: [[2, 4]] }],
    [false, { operatorType: 'NumberNotInRange', key: 'data.attempt', values: [[2, 4]] }],
    [true, { operatorType: 'BoolEquals', key: 'data.done', value: true }],
    [true, { operatorType: 'IsNullOrUndefined', key: 'data.nothing' }],
    [true, { operatorType: 'IsNotNull', key: 'data.runId' }],
    [false, { operatorType: 'StringIn', key: 'data.words', values: ['two'] }],
  ];
  for (const [expected, filter] of cases)
    it(`says ${expected} to ${JSON.stringify(filter)}`, () =>
      assert.equal(wanted({ advancedFilters: readConditions([filter]) }), expected));

  it('looks into lists when asked to', () => {
    const advancedFilters = readConditions([
      { operatorType: 'StringIn', key: 'data.words', values: ['two'] },
    ]);
    assert.ok(wanted({ advancedFilters, enableAdvancedFilteringOnArrays: true }));
  });

  it('is refused when a value is of another kind than its operator', () => {
    const wrong = () => readConditions([{ operatorType: 'NumberIn', key: 'data.x', values: ['3'] }]);
    assert.throws(wrong, /NumberIn on 'data.x' needs 'values': numbers/);
    const many = Array.from({ length: 26 }, (_, index) => String(index));
    assert.throws(() => readConditions([{ operatorType: 'StringIn', key: 'k', values: many }]), /25 values/);
  });
});

describe('The pause before an event is sent again', () => {
  it('grows as documented, and is longer where nothing listens', () => {
    const after = (attempts: number, status = 500) => pauseAfter(attempts, { status, outcome: '' }) / 1000;
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((attempt) => after(attempt)),
      [10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 43200],
    );
    assert.deepEqual([after(1, 404), after(1, 408), after(1, 503)], [300, 120, 30]);
  });
});
