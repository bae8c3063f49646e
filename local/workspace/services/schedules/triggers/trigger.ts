import { DateTime } from 'luxon';
import { isObject, Members, type Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { cronTimes } from './cron.ts';
import { recurrenceTimes } from './recurrence.ts';
import { ianaZone } from './timeZone.ts';

/** When a schedule is due, between its start and its end. */
export interface Trigger {
  /** The first time it is due after this one; undefined when it never is again. */
  nextAfter(time: Date): Date | undefined;
}

/** Reads a trigger; `createdAt` is the start of one that names none. */
export function readTrigger(trigger: Json, createdAt: Date): Trigger {
  const members = new Members(trigger, 'properties.trigger');
  const zone = ianaZone(members.text('timeZone'));
  const given = timeIn('startTime', members.text('startTime'), zone);
  const end = timeIn('endTime', members.text('endTime'), zone);
  const type = members.word('triggerType', ['Cron', 'Recurrence']);
  const start = given ?? DateTime.fromJSDate(createdAt, { zone });
  const times = type === 'Cron' ? cronTimes(members, zone) : recurrenceTimes(members, start);
  return {
    nextAfter: (time) => {
      const from = DateTime.fromJSDate(time, { zone });
      const next = times(given && given > from ? given.minus(1) : from);
      return next && (!end || next <= end) ? next.toJSDate() : undefined;
    },
  };
}

/** A time without an offset, in the trigger's zone; one that has an offset keeps it. */
function timeIn(name: string, text: string | undefined, zone: string): DateTime | undefined {
  if (text === undefined || text === '') return undefined;
  const time = DateTime.fromISO(text.replace(' ', 'T'), { zone });
  if (time.isValid) return time;
  throw userError(
    `The member 'properties.trigger.${name}' must be an ISO 8601 time such as 2027-01-31T08:00:00, not '${text}'.`,
  );
}

const SPANS_IN_HOURS = [1 / 60, 1, 24, 24 * 31, 24 * 366 * 5];

/** The last time within (`after`, `until`] that a trigger is due, without walking through all of them. */
export function lastDue(trigger: Trigger, after: Date, until: Date): Date | undefined {
  for (const hours of [...SPANS_IN_HOURS, Infinity]) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - hours * 3_600_000));
    const first = trigger.nextAfter(from);
    if (first && first <= until) return lastFrom(trigger, first, until);
    if (from <= after) return undefined;
  }
  return undefined;
}

function lastFrom(trigger: Trigger, first: Date, until: Date): Date {
  let last = first;
  for (let next = trigger.nextAfter(last); next && next <= until; next = trigger.nextAfter(next)) last = next;
  return last;
}

/** Whether a value is a trigger at all; its members are read by `readTrigger`. */
export function triggerIn(value: unknown): Json {
  if (isObject(value)) return value;
  throw userError("The member 'properties.trigger' must be an object.");
}
