import type { Entry, PolicyDocument } from './document.ts';
import type { Direction, Distance, MetricRule } from './policy.ts';
import { readDistance, readFlag, readNumber } from './readValue.ts';
import { isScalar } from 'yaml';
import { suggestion } from './suggest.ts';

export const METRIC_WORDS = {
  metric: ['direction', 'min', 'max', 'change', 'blocking'],
  change: ['gain', 'tolerance'],
} as const;

const DIRECTIONS: readonly Direction[] = ['higher', 'lower'];

/** Words other tools use for a direction, so that the complaint can name ours. */
const OTHER_WORDS: Readonly<Record<string, Direction>> = {
  maximize: 'higher',
  maximise: 'higher',
  max: 'higher',
  up: 'higher',
  asc: 'higher',
  increase: 'higher',
  greater: 'higher',
  higher_is_better: 'higher',
  minimize: 'lower',
  minimise: 'lower',
  min: 'lower',
  down: 'lower',
  desc: 'lower',
  decrease: 'lower',
  less: 'lower',
  smaller: 'lower',
  lower_is_better: 'lower',
};

/** Reads what the policy asks of one metric. */
export function readMetric(document: PolicyDocument, metric: Entry, words: readonly Entry[]): MetricRule {
  const what = `The metric '${metric.key}'`;
  document.knownOnly(words, METRIC_WORDS.metric, what);
  const value = (key: string): Entry | undefined => words.find((entry) => entry.key === key);
  const direction = readDirection(document, value('direction'));
  const min = readNumber(document, value('min'));
  const max = readNumber(document, value('max'));
  const rule: MetricRule = {
    name: metric.key,
    ...(direction !== undefined && { direction }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...readChange(document, value('change'), what),
    blocking: readFlag(document, value('blocking'), true),
  };
  complainAboutSense(document, { metric, words, rule });
  return rule;
}

function readDirection(document: PolicyDocument, entry: Entry | undefined): Direction | undefined {
  if (entry === undefined) return undefined;
  const written = isScalar(entry.value) ? entry.value.value : undefined;
  const found = DIRECTIONS.find((direction) => direction === written);
  if (found !== undefined) return found;
  const word = String(written ?? 'nothing');
  const known = OTHER_WORDS[word.toLowerCase()];
  const next = known ? `Write '${known}'.` : suggestion(word, DIRECTIONS);
  const message = `'direction' says which values are better and cannot be '${word}'.`;
  document.complain(entry.value ?? entry.keyNode, message, next);
  return undefined;
}

function readChange(
  document: PolicyDocument,
  entry: Entry | undefined,
  what: string,
): { gain?: Distance; tolerance?: Distance } {
  if (entry === undefined) return {};
  const words = document.entries(entry.value ?? entry.keyNode, `'change' of ${lowerFirst(what)}`) ?? [];
  document.knownOnly(words, METRIC_WORDS.change, `'change' of ${lowerFirst(what)}`);
  const gain = readDistance(
    document,
    words.find(({ key }) => key === 'gain'),
  );
  const tolerance = readDistance(
    document,
    words.find(({ key }) => key === 'tolerance'),
  );
  if (entry.value !== undefined && words.length === 0 && document.problems.length === 0) {
    document.complain(
      entry.keyNode,
      `${what} has a 'change' that asks for nothing.`,
      "Give it 'gain' or 'tolerance'.",
    );
  }
  return { ...(gain && { gain }), ...(tolerance && { tolerance }) };
}

/** What is written word by word correctly, and together makes no sense. */
function complainAboutSense(
  document: PolicyDocument,
  { metric, words, rule }: { metric: Entry; words: readonly Entry[]; rule: MetricRule },
): void {
  const written = (key: string): Entry | undefined => words.find((entry) => entry.key === key);
  const what = `The metric '${metric.key}'`;
  const change = written('change');
  if (change && !written('direction')) {
    const message = `${what} asks for a change without saying which values are better.`;
    document.complain(change.keyNode, message, "Add 'direction: higher' or 'direction: lower'.");
  }
  if (rule.min !== undefined && rule.max !== undefined && rule.min > rule.max) {
    document.complain(written('min')?.keyNode, `${what} has a min above its max, which no value can hold.`);
  }
  if (rule.blocking && !['direction', 'min', 'max', 'change'].some(written)) {
    const message = `${what} blocks but asks for nothing.`;
    document.complain(metric.keyNode, message, "Give it 'direction', 'min' or 'max', or 'blocking: false'.");
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
