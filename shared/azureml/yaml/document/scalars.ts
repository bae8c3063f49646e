import { looksLikeDate, pythonDate } from './dates.ts';
import type { ScalarValue } from './node.ts';

/** The value of what is written like a date and is none. */
export const IMPOSSIBLE = '';

/*
 * The reference client reads with PyYAML's safe loader: YAML 1.1 rules as PyYAML words them, not as the YAML 1.2 core
 * schema does. `2e-5` has no dot and stays text, `on` is true, `010` is eight, `1:30` is ninety.
 */
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A scalar written without quotes and without a tag. */
export function resolvePlain(text: string): ScalarValue {
  if (NULL.test(text)) return { type: 'null', value: null };
  if (BOOL.test(text)) return { type: 'bool', value: TRUE.test(text) };
  if (FLOAT.test(text)) return { type: 'float', value: floatOf(text) };
  if (INT.test(text)) return { type: 'int', value: intOf(text) };
  if (looksLikeDate(text)) return { type: 'date', value: pythonDate(text) ?? IMPOSSIBLE };
  return { type: 'str', value: text };
}

/** A scalar with one of YAML's own tags; undefined where the text cannot be one. */
export function resolveTagged(tag: string, text: string): ScalarValue | undefined {
  switch (tag) {
    case 'str':
      return { type: 'str', value: text };
    case 'int':
      return INT.test(text) ? { type: 'int', value: intOf(text) } : undefined;
    case 'float':
      return FLOAT.test(text) || INT.test(text) ? { type: 'float', value: floatOf(text) } : undefined;
    case 'bool':
      return BOOL.test(text) ? { type: 'bool', value: TRUE.test(text) } : undefined;
    case 'null':
      return { type: 'null', value: null };
    case 'timestamp':
      return looksLikeDate(text) ? { type: 'date', value: pythonDate(text) ?? IMPOSSIBLE } : undefined;
    case 'binary':
      return { type: 'binary', value: text };
    default:
      return undefined;
  }
}

function intOf(text: string): bigint {
  const negative = text.startsWith('-');
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const value = magnitude(digits);
  return negative ? -value : value;
}

function magnitude(digits: string): bigint {
  if (digits.startsWith('0b') || digits.startsWith('0x')) return BigInt(digits);
  if (digits.includes(':')) return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  if (digits.length > 1 && digits.startsWith('0')) return BigInt(`0o${digits.slice(1)}`);
  return BigInt(digits);
}

function floatOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  if (body === '.inf') return sign * Infinity;
  if (body === '.nan') return NaN;
  if (body.includes(':')) return sign * body.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return sign * Number(body);
}
