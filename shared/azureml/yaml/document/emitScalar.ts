import { resolvePlain } from './scalars.ts';

/** PyYAML folds lines past this column. */
const WIDTH = 80;
const BREAKS = '\n\u0085\u2028\u2029';
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Where a scalar is written: it may be folded at `indent`, unless it is a key. */
export interface ScalarSpot {
  readonly column: number;
  readonly indent: number;
  readonly isKey: boolean;
}

/** Text in the style PyYAML's dumper picks: plain where that reads back as the same text, else quoted. */
export function emitText(text: string, spot: ScalarSpot): string {
  const allowed = analyse(text);
  if (allowed.plain && !(spot.isKey && text === '') && readsBackAsText(text)) return plain(text, spot);
  if (allowed.single && !(spot.isKey && allowed.multiline)) return singleQuoted(text, spot);
  return doubleQuoted(text, spot);
}

function readsBackAsText(text: string): boolean {
  return resolvePlain(text).type === 'str' && text !== '<<' && text !== '=';
}

interface Allowed {
  readonly plain: boolean;
  readonly single: boolean;
  readonly multiline: boolean;
}

function analyse(text: string): Allowed {
  const multiline = /[\n\u0085\u2028\u2029]/.test(text);
  const special = /[^\n\x20-\x7e]/u.test(text); // without allow_unicode, everything outside ASCII
  const padded = /^[ \n\u0085\u2028\u2029]|[ \n\u0085\u2028\u2029]$/.test(text);
  const breakThenSpace = /[\n\u0085\u2028\u2029] /.test(text);
  const spaceThenBreak = / [\n\u0085\u2028\u2029]/.test(text);
  return {
    plain: !multiline && !special && !padded && !hasIndicator(text),
    single: !breakThenSpace && !spaceThenBreak && !special,
    multiline,
  };
}

function hasIndicator(text: string): boolean {
  if (text.startsWith('---') || text.startsWith('...')) return true;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text)) return true;
  if (/^[?:-]$/.test(text) || /^[?:-][ \t]/.test(text)) return true;
  return /:$|:[ \t]|[ \t]#/.test(text);
}

/** A single space past the margin becomes a line break; runs of spaces are kept. */
function plain(text: string, spot: ScalarSpot): string {
  if (spot.isKey) return text;
  let out = '';
  let column = spot.column;
  for (const part of text.split(/( +)/)) {
    const folds = part === ' ' && column > WIDTH;
    out += folds ? `\n${' '.repeat(spot.indent)}` : part;
    column = folds ? spot.indent : column + part.length;
  }
  return out;
}

function singleQuoted(text: string, spot: ScalarSpot): string {
  let out = "'";
  let column = spot.column + 1;
  const parts = text.split(/( +|[\n\u0085\u2028\u2029]+)/);
  parts.forEach((part, index) => {
    if (part === '') return;
    if (BREAKS.includes(part[0]!)) {
      out += `${part.startsWith('\n') ? '\n' : ''}${part}${' '.repeat(spot.indent)}`;
      column = spot.indent;
    } else if (part === ' ' && column > WIDTH && !spot.isKey && isInside(parts, index)) {
      out += `\n${' '.repeat(spot.indent)}`;
      column = spot.indent;
    } else {
      const doubled = part.replaceAll("'", "''");
      out += doubled;
      column += doubled.length;
    }
  });
  return `${out}'`;
}

function isInside(parts: readonly string[], index: number): boolean {
  return (
    parts.slice(0, index).some((part) => part !== '') && parts.slice(index + 1).some((part) => part !== '')
  );
}

function doubleQuoted(text: string, spot: ScalarSpot): string {
  const chars = [...text];
  let out = '"';
  let column = spot.column + 1;
  let pending = '';
  const flush = () => {
    out += pending;
    column += pending.length;
    pending = '';
  };
  chars.forEach((char, index) => {
    const isEscaped = !/[\x20-\x7e]/.test(char) || char === '"' || char === '\\';
    if (isEscaped) {
      flush();
      pending = escaped(char);
      flush();
    }
    const mayFold = index > 0 && index < chars.length - 1 && (char === ' ' || isEscaped) && !spot.isKey;
    if (mayFold && column + pending.length > WIDTH) {
      flush();
      const next = isEscaped ? chars[index + 1] : char;
      out += `\\\n${' '.repeat(spot.indent)}${next === ' ' ? '\\' : ''}`;
      column = spot.indent + (next === ' ' ? 1 : 0);
    }
    if (!isEscaped) pending += char;
  });
  flush();
  return `${out}"`;
}

function escaped(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const code = char.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Whether PyYAML would write this text as an ordinary `key:` and not as `? key`; it counts the unwritten tag `!!str` too. */
export function isSimpleKey(text: string): boolean {
  return (
    text !== '' && [...text].length + '!!str'.length < 128 && ![...text].some((char) => BREAKS.includes(char))
  );
}
