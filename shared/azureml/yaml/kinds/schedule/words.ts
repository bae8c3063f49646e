export const FREQUENCIES = ['minute', 'hour', 'day', 'week', 'month'] as const;
export const WEEK_DAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

/** A word as the service's own lists write it: `monday` -> `Monday`. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
