import { asNull, asNumber, asText, asVersion, toBoolean } from './convert.ts';
import { isCollection, Version, type Value } from './value.ts';

/** Equality: the right side is converted to the type of the left; not convertible means not equal. */
export function areEqual(left: Value, right: Value): boolean {
  if (isCollection(left)) return left === right;
  return order(left, right) === 0;
}

/** Below, at or above zero as left is less than, equal to or greater than right; undefined when right does not convert. */
export function order(left: Value, right: Value): number | undefined {
  if (left === null) return asNull(right) === null ? 0 : undefined;
  if (typeof left === 'boolean') return Number(left) - Number(toBoolean(right));
  if (typeof left === 'number') return difference(left, asNumber(right));
  if (typeof left === 'string') return orderOfText(left, asText(right));
  if (left instanceof Version) return orderOfVersions(left, asVersion(right));
  if (left instanceof Date) return right instanceof Date ? left.getTime() - right.getTime() : undefined;
  return undefined;
}

function difference(left: number, right: number | undefined): number | undefined {
  return right === undefined ? undefined : left - right;
}

/** Ordinal, without regard to case. */
function orderOfText(left: string, right: string | undefined): number | undefined {
  if (right === undefined) return undefined;
  const [one, other] = [left.toUpperCase(), right.toUpperCase()];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** A part that is not there is less than zero: 1.2 comes before 1.2.0. */
function orderOfVersions(left: Version, right: Version | undefined): number | undefined {
  if (right === undefined) return undefined;
  for (let part = 0; part < 4; part++) {
    const step = (left.parts[part] ?? -1) - (right.parts[part] ?? -1);
    if (step !== 0) return step;
  }
  return 0;
}
