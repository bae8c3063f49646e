const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]; // prettier-ignore

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

const PARTS: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => pad(date.getUTCFullYear(), 4),
  yy: (date) => pad(date.getUTCFullYear() % 100, 2),
  MMMM: (date) => MONTHS[date.getUTCMonth()]!,
  MMM: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  MM: (date) => pad(date.getUTCMonth() + 1, 2),
  M: (date) => String(date.getUTCMonth() + 1),
  dddd: (date) => DAYS[date.getUTCDay()]!,
  ddd: (date) => DAYS[date.getUTCDay()]!.slice(0, 3),
  dd: (date) => pad(date.getUTCDate(), 2),
  d: (date) => String(date.getUTCDate()),
  HH: (date) => pad(date.getUTCHours(), 2),
  H: (date) => String(date.getUTCHours()),
  hh: (date) => pad(date.getUTCHours() % 12 || 12, 2),
  h: (date) => String(date.getUTCHours() % 12 || 12),
  mm: (date) => pad(date.getUTCMinutes(), 2),
  m: (date) => String(date.getUTCMinutes()),
  ss: (date) => pad(date.getUTCSeconds(), 2),
  s: (date) => String(date.getUTCSeconds()),
  fff: (date) => pad(date.getUTCMilliseconds(), 3),
  ff: (date) => pad(Math.floor(date.getUTCMilliseconds() / 10), 2),
  f: (date) => String(Math.floor(date.getUTCMilliseconds() / 100)),
  tt: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  zzz: () => '+00:00',
  K: () => 'Z',
};

/** A date in UTC by a custom .NET format such as `yyyyMMdd`; undefined when a letter in it is not known. */
export function formatDate(date: Date, format: string): string | undefined {
  let known = true;
  const text = format.replace(
    /\\(.)|'([^']*)'|([A-Za-z])\3*/g,
    (part, escaped?: string, literal?: string) => {
      if (escaped !== undefined) return escaped;
      if (literal !== undefined) return literal;
      known &&= part in PARTS;
      return PARTS[part]?.(date) ?? part;
    },
  );
  return known ? text : undefined;
}
