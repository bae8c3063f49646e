import assert from 'node:assert/strict';
import { lastDue, readTrigger } from '../../../../../local/workspace/services/schedules/triggers/trigger.ts';

const CREATED = new Date('2026-01-05T09:30:00Z');

/** The next `count` times of a trigger. */
function times(trigger: Record<string, unknown>, from: string, count = 3): string[] {
  const read = readTrigger(trigger, CREATED);
  const found: string[] = [];
  for (let at = read.nextAfter(new Date(from)); at && found.length < count; at = read.nextAfter(at))
    found.push(at.toISOString().replace('.000Z', 'Z'));
  return found;
}

const cron = (expression: string, more: Record<string, unknown> = {}) => ({
  triggerType: 'Cron',
  expression,
  timeZone: 'UTC',
  ...more,
});
const every = (interval: number, frequency: string, more: Record<string, unknown> = {}) => ({
  triggerType: 'Recurrence',
  interval,
  frequency,
  timeZone: 'UTC',
  ...more,
});

describe('when a schedule is due', () => {
  it('reads a cron expression in the zone of a Windows name, over the change of the clocks', () => {
    const trigger = cron('15 10 * * *', { timeZone: 'W. Europe Standard Time' });
    assert.deepEqual(times(trigger, '2026-03-28T00:00:00Z'), [
      '2026-03-28T09:15:00Z',
      '2026-03-29T08:15:00Z',
      '2026-03-30T08:15:00Z',
    ]);
  });

  it('takes days and months of a cron expression for any, as the service does, and names of weekdays', () => {
    assert.deepEqual(times(cron('0 3 7 6 mon'), '2026-01-01T00:00:00Z', 2), [
      '2026-01-05T03:00:00Z',
      '2026-01-12T03:00:00Z',
    ]);
  });

  it('waits for the start, and ends with the end', () => {
    const trigger = cron('0 * * * *', {
      startTime: '2026-05-01 10:00:00',
      endTime: '2026-05-01T07:00:00',
      timeZone: 'America/New_York',
    });
    assert.deepEqual(times(trigger, '2026-01-01T00:00:00Z', 9), []);
    const open = { ...trigger, endTime: '2026-05-01T11:30:00' };
    assert.deepEqual(times(open, '2026-01-01T00:00:00Z', 9), [
      '2026-05-01T14:00:00Z',
      '2026-05-01T15:00:00Z',
    ]);
  });

  it('repeats from the start where there is no pattern, the first time at the start itself', () => {
    assert.deepEqual(times(every(6, 'Hour'), '2026-01-05T00:00:00Z'), [
      '2026-01-05T09:30:00Z',
      '2026-01-05T15:30:00Z',
      '2026-01-05T21:30:00Z',
    ]);
    const monthly = every(1, 'Month', {
      startTime: '2026-01-31T08:00:00',
      schedule: { hours: [], minutes: [] },
    });
    assert.deepEqual(times(monthly, '2026-01-31T08:00:00Z'), [
      '2026-02-28T08:00:00Z',
      '2026-03-31T08:00:00Z',
      '2026-04-30T08:00:00Z',
    ]);
  });

  it('follows a pattern of hours, minutes, weekdays and days of the month', () => {
    const weekly = every(2, 'Week', {
      startTime: '2026-01-05T00:00:00',
      schedule: { hours: [4, 16], minutes: [30], weekDays: ['Friday', 'monday'] },
    });
    assert.deepEqual(times(weekly, '2026-01-05T12:00:00Z', 4), [
      '2026-01-05T16:30:00Z',
      '2026-01-09T04:30:00Z',
      '2026-01-09T16:30:00Z',
      '2026-01-19T04:30:00Z',
    ]);
    const monthly = every(1, 'Month', { schedule: { hours: [1], minutes: [0], monthDays: [31] } });
    assert.deepEqual(times(monthly, '2026-01-05T12:00:00Z', 2), [
      '2026-01-31T01:00:00Z',
      '2026-03-31T01:00:00Z',
    ]);
    const daily = every(3, 'Day', { schedule: { hours: [3], minutes: [15] } });
    assert.deepEqual(times(daily, '2026-01-05T12:00:00Z', 2), [
      '2026-01-08T03:15:00Z',
      '2026-01-11T03:15:00Z',
    ]);
  });

  it('finds the last time that was leapt over, however long the leap', () => {
    const trigger = readTrigger(cron('*/5 * * * *'), CREATED);
    const until = new Date('2031-07-01T12:04:00Z');
    assert.equal(lastDue(trigger, CREATED, until)?.toISOString(), '2031-07-01T12:00:00.000Z');
    assert.equal(lastDue(trigger, new Date('2031-07-01T12:00:00Z'), until), undefined);
  });

  it('refuses what it cannot read, by name', () => {
    const refused = (trigger: Record<string, unknown>, why: RegExp) =>
      assert.throws(() => readTrigger(trigger, CREATED), why);
    refused(cron('0 3 * *'), /'0 3 \* \*' cannot be read: it has five fields/);
    refused(cron('99 3 * * *'), /cron expression '99 3/);
    refused(cron('0 3 * * *', { timeZone: 'Middle Earth' }), /time zone 'Middle Earth' is not known/);
    refused(cron('0 3 * * *', { startTime: 'soon' }), /startTime' must be an ISO 8601 time/);
    refused(every(0, 'Day'), /interval' must hold whole numbers from 1/);
    refused(every(1, 'Day', { schedule: { hours: [24], minutes: [0] } }), /schedule.hours/);
  });
});
