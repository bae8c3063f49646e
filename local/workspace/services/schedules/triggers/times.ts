import type { DateTime } from 'luxon';

/** The next time of a trigger after another one, without its start and end. */
export type Times = (after: DateTime) => DateTime | undefined;
