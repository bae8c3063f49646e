import { isCollection, Version, type Value } from './value.ts';

/** The service's casting rules; undefined means that the value cannot become that. */

/** Empty text, null and zero are false; everything else is true, `'false'` included. */
export function toBoolean(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

export function asNull(value: Value): null | undefined {
  return value === null || value === '' ? null : undefined;
}

export function asNumber(value: Value): number | undefined {
  if (value === null) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? numberIn(value) : undefined;
}

/** Sign, thousands separators and a decimal point may be there, and blanks around it; an exponent may not. */
function numberIn(text: string): number | undefined {
  if (text === '') return 0;
  const match = /^\s*([-+]?)(\d[\d,]*(?:\.\d*)?|\.\d+)\s*$/.exec(text);
  return match ? Number(`${match[1]}${match[2]!.replaceAll(',', '')}`) : undefined;
}

/** Booleans read `True` and `False`, as .NET writes them; lists and maps do not read as text. */
export function asText(value: Value): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return textOfNumber(value);
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  return isCollection(value) ? undefined : value.toString();
}

/** Without an exponent, so that the text converts back. */
function textOfNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

const LARGEST_PART = 2_147_483_647;

export function asVersion(value: Value): Version | undefined {
  if (value instanceof Version) return value;
  const text =
    typeof value === 'number' ? textOfNumber(value) : typeof value === 'string' ? value.trim() : '';
  if (!/^\d+(\.\d+){1,3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part <= LARGEST_PART) ? new Version(parts) : undefined;
}
