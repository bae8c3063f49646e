const PARTS =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::?(\d\d))?))?)?$/;
const SHORT = /^\d{4}-\d\d-\d\d$/;

/** Whether PyYAML takes a plain scalar for a date or a point in time. */
export function looksLikeDate(text: string): boolean {
  return SHORT.test(text) || (text.length > 10 && PARTS.test(text) && /\d[Tt \t]+\d/.test(text));
}

/** The date as Python's `str` writes it (`2020-01-02 03:04:05+00:00`); undefined where there is no such day or time. */
export function pythonDate(text: string): string | undefined {
  const [, year = '', month = '', day = '', hour, minute = '', second = '', ...rest] = PARTS.exec(text) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${two(month)}-${two(day)}`;
  if (hour === undefined) return date;
  const zone = zoneOf(rest[1], rest[2], [rest[3], rest[4]]);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || zone === undefined) return undefined;
  return `${date} ${two(hour)}:${minute}:${second}${fraction(rest[0])}${zone}`;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}

function fraction(digits = ''): string {
  const micros = digits.slice(0, 6).padEnd(6, '0');
  return /^0*$/.test(micros) ? '' : `.${micros}`;
}

/** Python knows no offset of a day or more. */
function zoneOf(
  utc: string | undefined,
  sign: string | undefined,
  parts: readonly (string | undefined)[],
): string | undefined {
  if (utc) return '+00:00';
  if (!sign) return '';
  const [hours = '0', minutes = '0'] = parts;
  const total = Number(hours) * 60 + Number(minutes);
  if (total >= 24 * 60) return undefined;
  const isUtc = total === 0;
  return `${isUtc ? '+' : sign}${two(String(Math.floor(total / 60)))}:${two(String(total % 60))}`;
}
