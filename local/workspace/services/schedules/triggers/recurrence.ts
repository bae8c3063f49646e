import type { DateTime } from 'luxon';
import { isObject, Members } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import type { Times } from './times.ts';

const FREQUENCIES = ['Minute', 'Hour', 'Day', 'Week', 'Month'] as const;
const WEEK_DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month';
/** A month may lack the day that is asked for; four years hold every day that there is. */
const MOST_PERIODS = 49;

interface Recurrence {
  readonly unit: Unit;
  readonly interval: number;
  readonly start: DateTime;
  readonly pattern: Pattern | undefined;
}

/** At which times of which days within a period. Weekdays count from 1, Monday. */
interface Pattern {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly weekDays: readonly number[];
  readonly monthDays: readonly number[];
}

/** Times that come again after so many minutes, hours, days, weeks or months from the start, at the hours and days of its pattern. */
export function recurrenceTimes(members: Members, start: DateTime): Times {
  const frequency = members.needed('frequency', members.word('frequency', FREQUENCIES));
  const unit = frequency.toLowerCase() as Unit;
  const interval = intervalIn(members);
  const recurrence: Recurrence = { unit, interval, start, pattern: patternIn(members) };
  const isPatterned = recurrence.pattern !== undefined && unit !== 'minute' && unit !== 'hour';
  return (after) => (isPatterned ? nextByPattern(recurrence, after) : nextByStep(recurrence, after));
}

/** The start, and every step from there; counted from the start, so that a short month does not move the later ones. */
function nextByStep({ start, unit, interval }: Recurrence, after: DateTime): DateTime {
  if (start > after) return start;
  const steps = Math.floor(after.diff(start, unit).as(unit) / interval);
  const candidates = [steps, steps + 1, steps + 2].map((step) => start.plus({ [unit]: step * interval }));
  return candidates.find((time) => time > after) ?? start.plus({ [unit]: (steps + 3) * interval });
}

function nextByPattern(recurrence: Recurrence, after: DateTime): DateTime | undefined {
  const { start, unit, interval } = recurrence;
  const first = start.startOf(unit);
  const from = after > start ? after : start.minus(1);
  const passed = Math.max(0, Math.floor(from.diff(first, unit).as(unit) / interval));
  for (let period = passed; period < passed + MOST_PERIODS; period += 1) {
    const times = timesWithin(first.plus({ [unit]: period * interval }), recurrence);
    const next = times.find((time) => time > from);
    if (next) return next;
  }
  return undefined;
}

function timesWithin(period: DateTime, { unit, start, pattern }: Recurrence): DateTime[] {
  const { hours = [], minutes = [] } = pattern ?? {};
  const times = daysWithin(period, unit, start, pattern).flatMap((day) =>
    hours.flatMap((hour) => minutes.map((minute) => day.set({ hour, minute }))),
  );
  return times.sort((left, right) => left.toMillis() - right.toMillis());
}

function daysWithin(period: DateTime, unit: Unit, start: DateTime, pattern: Pattern | undefined): DateTime[] {
  if (unit === 'week') {
    const days = pattern?.weekDays.length ? pattern.weekDays : [start.weekday];
    return days.map((day) => period.plus({ days: day - 1 }));
  }
  if (unit === 'month') {
    const days = pattern?.monthDays.length ? pattern.monthDays : [start.day];
    return days.filter((day) => day <= (period.daysInMonth ?? 0)).map((day) => period.set({ day }));
  }
  const weekDays = pattern?.weekDays ?? [];
  return weekDays.length === 0 || weekDays.includes(period.weekday) ? [period] : [];
}

function intervalIn(members: Members): number {
  const [interval] = numbersIn([members.number('interval')], 'interval', [1, 1000]);
  return members.needed('interval', interval);
}

/** Clients send an empty pattern for none. */
function patternIn(members: Members): Pattern | undefined {
  const schedule = members.object('schedule');
  if (!isObject(schedule)) return undefined;
  const inner = new Members(schedule, 'properties.trigger.schedule');
  const hours = numbersIn(inner.list('hours'), 'schedule.hours', [0, 23]);
  const minutes = numbersIn(inner.list('minutes'), 'schedule.minutes', [0, 59]);
  if (hours.length === 0 && minutes.length === 0) return undefined;
  return {
    hours: hours.length > 0 ? hours : [0],
    minutes: minutes.length > 0 ? minutes : [0],
    weekDays: (inner.list('weekDays') ?? []).map(weekDayOf),
    monthDays: numbersIn(inner.list('monthDays'), 'schedule.monthDays', [1, 31]),
  };
}

function numbersIn(
  values: readonly unknown[] | undefined,
  name: string,
  [least, most]: readonly [number, number],
): number[] {
  return (values ?? []).flatMap((value) => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw userError(
      `The member 'properties.trigger.${name}' must hold whole numbers from ${least} to ${most}, not '${String(value)}'.`,
    );
  });
}

function weekDayOf(value: unknown): number {
  const place = WEEK_DAYS.findIndex((day) => day.toLowerCase() === String(value).toLowerCase());
  if (place >= 0) return place + 1;
  throw userError(`'${String(value)}' in properties.trigger.schedule.weekDays is not a day of the week.`);
}
