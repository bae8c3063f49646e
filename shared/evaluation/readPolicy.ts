import { isSeq, type Node } from 'yaml';
import { Problem, throwIfAny, type ProblemPlace } from '../problem/index.ts';
import { PolicyDocument, type Entry, type PolicySource } from './document.ts';
import { POLICY_DEFAULTS, type MetricRule, type Policy, type SameData } from './policy.ts';
import { METRIC_WORDS, readMetric } from './readMetric.ts';
import { readText, readWord } from './readValue.ts';

const POLICY_WORDS = [
  '$schema',
  'name',
  'description',
  'metrics',
  'withoutChampion',
  'whenInconclusive',
  'sameData',
  'dataInputs',
  'rowsMetric',
] as const;

/** Words that mean something to us and are not offered: refused by name, not as a typing mistake. */
const NOT_OFFERED = ['slices', 'confidence', 'predictions', 'intervals'];

const SAME_DATA: readonly SameData[] = ['checked', 'required', 'ignored'];

/** All words a policy may use, by the level they are used on. */
export const policyWords = { policy: POLICY_WORDS, ...METRIC_WORDS };

/** A policy, and where each of its metrics is written. */
export interface ReadPolicy {
  readonly policy: Policy;
  readonly placeOf: (metric: string) => ProblemPlace | undefined;
}

/** Reads a policy from YAML or JSON text. Throws a Problem, or Problems, each with line and column. */
export function readPolicy(text: string, source: PolicySource): ReadPolicy {
  const document = new PolicyDocument(text, source);
  const policy = document.problems.length === 0 ? policyFrom(document) : undefined;
  throwIfAny(document.problems);
  if (policy === undefined) {
    throw new Problem({ code: 'internal', message: 'A policy was neither read nor refused.' });
  }
  return { policy, placeOf: (metric) => document.placeOf(metricEntry(document, metric)?.keyNode) };
}

function metricEntry(document: PolicyDocument, name: string): Entry | undefined {
  const metrics = document.entries(document.root, 'The policy')?.find(({ key }) => key === 'metrics');
  return document.entries(metrics?.value, "'metrics'")?.find(({ key }) => key === name);
}

function policyFrom(document: PolicyDocument): Policy | undefined {
  const entries = document.entries(document.root, 'The policy');
  if (entries === undefined) return undefined;
  document.knownOnly(offered(document, entries, 'The policy'), POLICY_WORDS, 'The policy');
  const value = (key: string): Entry | undefined => entries.find((entry) => entry.key === key);
  const name = readText(document, value('name'));
  const description = readText(document, value('description'));
  const rowsMetric = readText(document, value('rowsMetric'));
  readText(document, value('$schema'));
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    metrics: readMetrics(document, value('metrics')),
    withoutChampion: readWord(
      document,
      value('withoutChampion'),
      ['pass', 'fail'],
      POLICY_DEFAULTS.withoutChampion,
    ),
    whenInconclusive: readWord(
      document,
      value('whenInconclusive'),
      ['pass', 'fail'],
      POLICY_DEFAULTS.whenInconclusive,
    ),
    sameData: readWord(document, value('sameData'), SAME_DATA, POLICY_DEFAULTS.sameData),
    dataInputs: readNames(document, value('dataInputs')),
    ...(rowsMetric !== undefined && { rowsMetric }),
  };
}

function readMetrics(document: PolicyDocument, entry: Entry | undefined): MetricRule[] {
  if (entry === undefined) {
    document.complain(
      document.root,
      "The policy has no 'metrics'.",
      'Name at least one metric under metrics:.',
    );
    return [];
  }
  const entries = document.entries(entry.value ?? entry.keyNode, "'metrics'") ?? [];
  const rules = entries.flatMap((metric) => {
    const words = document.entries(metric.value ?? metric.keyNode, `The metric '${metric.key}'`);
    if (words === undefined) return [];
    return [readMetric(document, metric, offered(document, words, `The metric '${metric.key}'`))];
  });
  if (document.problems.length === 0 && !rules.some((rule) => rule.blocking)) {
    const message = 'No metric of the policy blocks, so that every candidate would pass.';
    document.complain(entry.keyNode, message, 'Name at least one metric that is not blocking: false.');
  }
  return rules;
}

function offered(document: PolicyDocument, entries: Entry[], what: string): Entry[] {
  return entries.filter(({ key, keyNode }) => {
    if (!NOT_OFFERED.includes(key)) return true;
    const message = `${what} uses '${key}', which is not offered yet.`;
    document.complain(keyNode, message, `Take '${key}' out of the policy.`, 'unsupported');
    return false;
  });
}

function readNames(document: PolicyDocument, entry: Entry | undefined): string[] {
  if (entry === undefined) return [];
  if (!isSeq(entry.value)) {
    document.complain(entry.value ?? entry.keyNode, `'${entry.key}' must be a list of names.`);
    return [];
  }
  const items: (Node | undefined)[] = entry.value.items.map((item) => document.resolve(item));
  return items.flatMap((value) => readText(document, { ...entry, value }) ?? []);
}
