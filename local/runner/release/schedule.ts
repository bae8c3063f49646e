import { DateTime } from 'luxon';
import type { SchedulePlan } from './plan.ts';

const DAYS_IN_A_WEEK = 7;

/** The next moment after a time that one of the schedules names. Where clocks are set forward, a time that is not there comes an hour later. */
export function nextTime(schedules: readonly SchedulePlan[], after: Date): Date | undefined {
  const times = schedules.flatMap((one) => nextOf(one, after) ?? []);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The schedules that name this very moment. */
export function dueAt(schedules: readonly SchedulePlan[], time: Date): SchedulePlan[] {
  const before = new Date(time.getTime() - 1);
  return schedules.filter((one) => nextOf(one, before) === time.getTime());
}

function nextOf({ days, hours, minutes, zone }: SchedulePlan, after: Date): number | undefined {
  const today = DateTime.fromJSDate(after, { zone }).startOf('day');
  for (let offset = 0; offset <= DAYS_IN_A_WEEK; offset += 1) {
    const day = today.plus({ days: offset });
    const time = day.set({ hour: hours, minute: minutes }).toMillis();
    if (days.includes(day.weekday) && time > after.getTime()) return time;
  }
  return undefined;
}
