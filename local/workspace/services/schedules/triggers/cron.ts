import { Cron } from 'croner';
import { DateTime } from 'luxon';
import { messageOf } from '../../../../../shared/problem/index.ts';
import type { Members } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import type { Times } from './times.ts';

const FIELDS = 5;

/** Times of an expression of minutes, hours, days, months and days of the week. The service takes days and months for `*`. */
export function cronTimes(members: Members, zone: string): Times {
  const expression = members.needed('expression', members.text('expression'));
  const cron = open(expression, zone);
  return (after) => {
    const next = cron.nextRun(after.toJSDate());
    return next ? DateTime.fromJSDate(next, { zone }) : undefined;
  };
}

function open(expression: string, zone: string): Cron {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== FIELDS)
    throw refused(expression, 'it has five fields: minutes, hours, days, months, days of the week');
  const [minutes, hours, , , weekDays] = fields;
  try {
    // Checked as a whole, although only three of the fields count.
    new Cron(expression, { paused: true });
    return new Cron(`${minutes} ${hours} * * ${weekDays}`, { paused: true, timezone: zone });
  } catch (error) {
    throw refused(expression, messageOf(error));
  }
}

function refused(expression: string, why: string): Error {
  return userError(`The cron expression '${expression}' cannot be read: ${why}.`);
}
