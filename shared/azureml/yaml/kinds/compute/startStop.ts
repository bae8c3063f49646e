import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { integer, oneOf, text } from '../../fields/basic.ts';
import { listOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { capitalized, FREQUENCIES, WEEK_DAYS } from '../schedule/words.ts';

const pattern: Field<DraftMap> = mapped(
  record({
    week_days: listOf(oneOf(WEEK_DAYS)),
    hours: required(listOf(integer)),
    minutes: required(listOf(integer)),
  }),
  (read) =>
    draft({
      hours: read.hours,
      minutes: read.minutes,
      weekDays: read.week_days?.map(capitalized),
    }),
);

const times = { start_time: text, time_zone: text };
const typeWord = required(oneOf(['cron', 'recurrence']));
const recurrenceShape = {
  ...times,
  type: text,
  frequency: required(oneOf(FREQUENCIES)),
  interval: required(integer),
  schedule: pattern,
};

/** When a compute instance starts or stops: a cron expression, or a recurrence. */
const trigger: Field<DraftMap> = {
  expected: 'a mapping with type cron or recurrence',
  read(node, scope) {
    const type = members(node, scope, { type: typeWord }, { open: true })?.type;
    if (type === undefined) return undefined;
    if (type === 'cron') {
      const read = members(node, scope, { ...times, type: text, expression: required(text) });
      return read && triggerOf('Cron', read, { expression: read.expression });
    }
    const read = members(node, scope, recurrenceShape);
    if (!read) return undefined;
    const frequency = read.frequency && capitalized(read.frequency);
    const schedule = read.schedule ?? { hours: [], minutes: [] };
    return triggerOf('Recurrence', read, { frequency, interval: read.interval, schedule });
  },
};

function triggerOf(
  type: 'Cron' | 'Recurrence',
  read: { readonly start_time: string | undefined; readonly time_zone: string | undefined },
  own: Readonly<Record<string, Draft | undefined>>,
): DraftMap {
  const when = { startTime: read.start_time, timeZone: read.time_zone ?? 'UTC', ...own };
  return { triggerType: type, [type.toLowerCase()]: draft(when) };
}

const startStop: Field<DraftMap> = mapped(
  record(
    { trigger, action: required(oneOf(['start', 'stop'])), state: oneOf(['enabled', 'disabled']) },
    { ignored: ['schedule_id', 'provisioning_state'] },
  ),
  (read) =>
    draft({
      action: read.action && capitalized(read.action),
      status: capitalized(read.state ?? 'enabled'),
      ...read.trigger,
    }),
);

export const startStopSchedules: Field<DraftMap> = mapped(
  record({ compute_start_stop: listOf(startStop) }),
  (read) => ({ computeStartStop: read.compute_start_stop ?? [] }),
);
