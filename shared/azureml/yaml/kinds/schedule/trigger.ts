import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { integer, oneOf, text } from '../../fields/basic.ts';
import { listOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { capitalized, FREQUENCIES, WEEK_DAYS } from './words.ts';

const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A time as the service takes it: without its zone, which is given apart. */
const time: Field<string> = mapped(text, (given, node, scope) => {
  const [, ...parts] = TIME.exec(given) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const isDate =
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (parts.length === 0 || !isDate || hour > 23 || minute > 59 || second > 59) {
    return scope.refuse(
      node.at,
      `${scope.subject()} must be a time such as '2026-05-01T10:00:00', not '${given}'.`,
    );
  }
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
});

/** One value, or a list of them. */
function oneOrMore<T>(field: Field<T>): Field<T[]> {
  const list = listOf(field);
  return {
    expected: `${field.expected}, or a list`,
    read(node, scope) {
      if (node.kind === 'list') return list.read(node, scope);
      const one = field.read(node, scope);
      return one === undefined ? undefined : [one];
    },
  };
}

const pattern: Field<DraftMap> = mapped(
  record({
    hours: required(oneOrMore(integer)),
    minutes: required(oneOrMore(integer)),
    week_days: oneOrMore(oneOf(WEEK_DAYS)),
    month_days: oneOrMore(integer),
  }),
  (read) =>
    draft({
      hours: read.hours,
      minutes: read.minutes,
      weekDays: read.week_days?.map(capitalized),
      monthDays: read.month_days,
    }),
);

const times = { type: text, start_time: time, end_time: time, time_zone: text };
const cronShape = { ...times, expression: required(text) };
const recurrenceShape = {
  ...times,
  frequency: required(oneOf(FREQUENCIES)),
  interval: required(integer),
  schedule: pattern,
};
type Times = { readonly [K in keyof typeof times]: string | undefined };

/** When a schedule is due. */
export interface Trigger {
  readonly body: DraftMap;
  readonly frequency?: (typeof FREQUENCIES)[number] | undefined;
  readonly interval?: number | undefined;
}

/** When a schedule is due: a cron expression, or a recurrence. */
export const trigger: Field<Trigger> = {
  expected: 'a mapping with type cron or recurrence',
  read(node, scope) {
    const kind = required(oneOf(['cron', 'recurrence']));
    const type = members(node, scope, { type: kind }, { open: true })?.type;
    if (type === undefined) return undefined;
    if (type === 'cron') {
      const read = members(node, scope, cronShape);
      return read && { body: triggerOf('Cron', read, { expression: read.expression }) };
    }
    const read = members(node, scope, recurrenceShape);
    if (!read) return undefined;
    const { frequency, interval } = read;
    const schedule = read.schedule ?? { hours: [], minutes: [] };
    const own = { frequency: frequency && capitalized(frequency), interval, schedule };
    return { body: triggerOf('Recurrence', read, own), frequency, interval };
  },
};

function triggerOf(
  triggerType: string,
  read: Times,
  own: Readonly<Record<string, Draft | undefined>>,
): DraftMap {
  return draft({
    triggerType,
    startTime: read.start_time,
    endTime: read.end_time,
    timeZone: read.time_zone ?? 'UTC',
    ...own,
  });
}
