import { ExpressionFailure } from './failure.ts';
import { Version } from './value.ts';

export type Token =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | Version; readonly offset: number }
  | { readonly kind: 'name'; readonly text: string; readonly offset: number }
  | { readonly kind: 'sign'; readonly text: Sign; readonly offset: number }
  | { readonly kind: 'end'; readonly offset: number };

type Sign = '(' | ')' | '[' | ']' | ',' | '.' | '*';

const SIGNS: ReadonlySet<string> = new Set(['(', ')', '[', ']', ',', '.', '*']);
const isSign = (text: string): text is Sign => SIGNS.has(text);

/** Splits an expression into its words. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) at += 1;
    else {
      const [token, length] = next(text, at, tokens.at(-1));
      tokens.push(token);
      at += length;
    }
  }
  return [...tokens, { kind: 'end', offset: text.length }];
}

function next(text: string, at: number, before: Token | undefined): [Token, number] {
  const sign = text[at]!;
  if (sign === "'") return quoted(text, at);
  if (/[-+0-9]/.test(sign) || (sign === '.' && startsNumber(before))) return number(text, at);
  if (isSign(sign)) return [{ kind: 'sign', text: sign, offset: at }, 1];
  const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at, at + 1000))?.[0];
  if (word === undefined) throw new ExpressionFailure(`'${sign}' has no meaning here.`, at, hintFor(sign));
  return [named(word, at, before), word.length];
}

/** A dot starts a number (`.5`) unless it follows something that has properties. */
function startsNumber(before: Token | undefined): boolean {
  if (!before || before.kind === 'literal') return true;
  return before.kind === 'sign' && !(before.text === ')' || before.text === ']' || before.text === '*');
}

function named(word: string, offset: number, before: Token | undefined): Token {
  const isProperty = before?.kind === 'sign' && before.text === '.';
  if (!isProperty && /^true$/i.test(word)) return { kind: 'literal', value: true, offset };
  if (!isProperty && /^false$/i.test(word)) return { kind: 'literal', value: false, offset };
  return { kind: 'name', text: word, offset };
}

function quoted(text: string, at: number): [Token, number] {
  const match = /^'((?:[^']|'')*)'/.exec(text.slice(at));
  if (!match) throw new ExpressionFailure('The text that starts here has no closing quote.', at);
  return [{ kind: 'literal', value: match[1]!.replaceAll("''", "'"), offset: at }, match[0].length];
}

function number(text: string, at: number): [Token, number] {
  const word = /^[-+.0-9A-Za-z_]+/.exec(text.slice(at))![0];
  const dots = word.split('.').length - 1;
  const isVersion = dots >= 2 && /^\d+(\.\d+){2,3}$/.test(word);
  if (isVersion)
    return [{ kind: 'literal', value: new Version(word.split('.').map(Number)), offset: at }, word.length];
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word)) {
    throw new ExpressionFailure(
      `'${word}' is neither a number nor a version.`,
      at,
      'Put text in single quotes.',
    );
  }
  return [{ kind: 'literal', value: Number(word), offset: at }, word.length];
}

function hintFor(sign: string): string | undefined {
  if (sign === '"') return 'Put text in single quotes.';
  if (sign === '$') return "Inside an expression a variable is written variables['name'].";
  if ('=!<>&|'.includes(sign))
    return 'Use the functions eq, ne, gt, ge, lt, le, and, or and not instead of operators.';
  return undefined;
}
