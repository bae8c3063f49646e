import { DateTime, Duration } from 'luxon';
import type { Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';

/** From when until when data counts, as ISO times in UTC; the end is outside. */
export interface Window {
  readonly start: string;
  readonly end: string;
}

/** The window of a monitor's data at the time the monitor runs; undefined: all there is. */
export function windowOf(data: Json, dueAt: Date): Window | undefined {
  if (data['windowStart'] !== undefined || data['windowEnd'] !== undefined)
    return { start: timeIn(data, 'windowStart').toISO() ?? '', end: timeIn(data, 'windowEnd').toISO() ?? '' };
  if (typeof data['windowSize'] !== 'string') return undefined;
  const end = DateTime.fromJSDate(dueAt, { zone: 'utc' }).minus(durationIn(data, 'windowOffset'));
  return { start: end.minus(durationIn(data, 'windowSize')).toISO() ?? '', end: end.toISO() ?? '' };
}

function durationIn(data: Json, member: string): Duration {
  const text = data[member] ?? 'P0D';
  const duration = typeof text === 'string' ? Duration.fromISO(text) : Duration.invalid('no text');
  if (duration.isValid) return duration;
  throw userError(
    `The member '${member}' of a monitor's data must be an ISO 8601 duration such as P7D, not '${String(text)}'.`,
  );
}

function timeIn(data: Json, member: string): DateTime {
  const text = data[member];
  const time =
    typeof text === 'string' ? DateTime.fromISO(text, { zone: 'utc' }) : DateTime.invalid('no text');
  if (time.isValid) return time;
  throw userError(
    `The member '${member}' of a monitor's data must be an ISO 8601 time, not '${String(text)}'.`,
  );
}
