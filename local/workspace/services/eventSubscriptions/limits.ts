import type { Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

/** A whole number between two limits, both included. */
export function wholeNumber(
  members: Members,
  name: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const value = members.number(name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw userError(`The member '${name}' must be a whole number from ${least} to ${most}, not ${value}.`);
}
