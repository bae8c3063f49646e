import { isMap, isScalar, isSeq, parseDocument, visit, type Node, type Pair } from 'yaml';
import type { Random } from './random.ts';

const ODD_VALUES = [
  '',
  '~',
  '1',
  '-1',
  '0',
  '1.5',
  '2e-5',
  '1e400',
  '010',
  'true',
  'on',
  'No',
  '2020-01-02',
  '"5"',
  "'x'",
  'x',
  'a b',
  '[]',
  '{}',
  '[1, a]',
  '{a: 1}',
  '{a: {b: c}}',
  '*missing',
  '!secret x',
  '"${{inputs.x}}"',
  '${{parent.inputs.x}}',
  'azureml:x',
  'azureml:x:1',
  'azureml:x@latest',
  'azureml://datastores/d/paths/p',
  'azureml://registries/r/components/c/versions/1',
  './nothing',
  '../..',
  '/nowhere',
  'https://x.y/z',
  'UPPER',
  'é',
  'wasbs://c@a.blob.core.windows.net/p',
  'git+https://github.com/o/r',
  'file:./x',
  '99999999999999999999',
  '.inf',
  '"\\u0000"',
  '1:30',
];
const ODD_KEYS = [
  'x',
  'name',
  'type',
  'path',
  '1',
  'on',
  '~',
  '"a b"',
  'Name',
  'inputs',
  'version',
  'description',
];

type Change = (text: string, random: Random) => string;

interface Span {
  readonly start: number;
  readonly end: number;
}

const replaceValue: Change = (text, random) =>
  spliced(text, random.pick(spansOf(text, 'value')), random.pick(ODD_VALUES) ?? '');
const replaceKey: Change = (text, random) =>
  spliced(text, random.pick(spansOf(text, 'key')), random.pick(ODD_KEYS) ?? 'x');
const misspellKey: Change = (text, random) => {
  const span = random.pick(spansOf(text, 'key'));
  const word = span ? text.slice(span.start, span.end) : '';
  const at = random.below(word.length || 1);
  return spliced(text, span, word.slice(0, at) + word.slice(at + 1) || 'k');
};
const swapValues: Change = (text, random) => {
  const spans = spansOf(text, 'value');
  const from = random.pick(spans);
  return from ? spliced(text, random.pick(spans), text.slice(from.start, from.end)) : text;
};
const removePair: Change = (text, random) => spliced(text, random.pick(spansOf(text, 'pair')), '');
const removeLine: Change = (text, random) =>
  withLines(text, (lines) => lines.splice(random.below(lines.length), 1));
const repeatLine: Change = (text, random) =>
  withLines(text, (lines) => {
    const at = random.below(lines.length);
    lines.splice(random.below(lines.length), 0, lines[at] ?? '');
  });
const indentLine: Change = (text, random) =>
  withLines(text, (lines) => {
    const at = random.below(lines.length);
    lines[at] = random.below(2) === 0 ? `  ${lines[at] ?? ''}` : (lines[at] ?? '').replace(/^ {1,2}/, '');
  });
const changeCharacter: Change = (text, random) => {
  const at = random.below(text.length);
  const put =
    random.pick(['', '', ':', '-', '"', "'", '{', '[', '#', '\t', '*', '&', ' ', '\n', 'x', '%', '@']) ?? '';
  return text.slice(0, at) + put + text.slice(at + random.below(2));
};

const CHANGES: readonly Change[] = [
  replaceValue,
  replaceValue,
  replaceValue,
  replaceKey,
  misspellKey,
  swapValues,
  removePair,
  removePair,
  removeLine,
  repeatLine,
  indentLine,
  changeCharacter,
];

/** The text with one random change, or two, of values, keys, lines and characters. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let left = random.below(4) === 0 ? 2 : 1; left > 0; left -= 1)
    mutated = random.pick(CHANGES)!(mutated, random);
  return mutated;
}

function spliced(text: string, span: Span | undefined, put: string): string {
  return span ? text.slice(0, span.start) + put + text.slice(span.end) : text;
}

function withLines(text: string, act: (lines: string[]) => unknown): string {
  const lines = text.split('\n');
  act(lines);
  return lines.join('\n');
}

/** Where keys, values or whole pairs stand in the text; none where it cannot be read. */
function spansOf(text: string, what: 'key' | 'value' | 'pair'): Span[] {
  const spans: Span[] = [];
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  visit(document, {
    Pair: (_key, pair) => void spans.push(...spansOfPair(pair, what)),
    Scalar: (key, node) => void (typeof key === 'number' && what === 'value' && spans.push(...spanOf(node))),
  });
  return spans;
}

function spansOfPair({ key, value }: Pair, what: 'key' | 'value' | 'pair'): Span[] {
  const [keySpan] = spanOf(key);
  const [valueSpan] = spanOf(value);
  if (what === 'key') return keySpan ? [keySpan] : [];
  if (what === 'value') return valueSpan ? [valueSpan] : [];
  return keySpan && valueSpan
    ? [{ start: keySpan.start, end: Math.max(valueSpan.end, keySpan.end + 1) }]
    : [];
}

function spanOf(node: unknown): Span[] {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return [];
  const range = (node as Node).range;
  return range ? [{ start: range[0], end: range[1] }] : [];
}
