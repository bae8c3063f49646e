import { IANAZone } from 'luxon';
import { findIana } from 'windows-iana';
import type { SchedulePlan } from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';

/** In the order of their bits: Monday is 1, Sunday is 64. Luxon counts them from 1 to 7. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** When releases are made: what `triggers` of the type schedule say. */
export function readTriggerSchedules(triggers: Json, desk: Desk): SchedulePlan[] {
  return triggers
    .items()
    .filter((one) => /^(?:schedule|2)$/i.test(one.get('triggerType').text()))
    .map((one) => readSchedule(one.get('schedule'), desk));
}

/** One schedule, of releases or of a stage. */
export function readSchedule(json: Json, { findings }: Desk): SchedulePlan {
  const days = daysIn(json.get('daysToRelease'));
  if (days.length === 0) findings.wrong(json.place, 'The schedule names no day of the week.');
  const [hours, minutes] = [json.get('startHours').number(), json.get('startMinutes').number()];
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    findings.wrong(json.place, `${hours}:${minutes} is no time of the day.`);
  const zone = zoneIn(json.get('timeZoneId').text('UTC'));
  if (zone === undefined)
    findings.wrong(
      json.get('timeZoneId').place,
      `The time zone '${json.get('timeZoneId').text()}' is not known.`,
    );
  const onlyWithChanges = json.get('scheduleOnlyWithChanges').flag();
  return { days, hours, minutes, zone: zone ?? 'UTC', onlyWithChanges };
}

/** A sum of bits, or words. */
function daysIn(json: Json): number[] {
  const text = json.text().toLowerCase();
  const words = text.split(',').map((word) => word.trim());
  const bits = /^\d+$/.test(text) ? Number(text) : words.includes('all') ? 127 : 0;
  return DAYS.flatMap((day, index) =>
    (bits & (1 << index)) !== 0 || words.includes(day) ? [index + 1] : [],
  );
}

/** The service knows time zones by Windows' names. */
function zoneIn(name: string): string | undefined {
  const zone = findIana(name)[0] ?? name;
  return IANAZone.isValidZone(zone) ? zone : undefined;
}
