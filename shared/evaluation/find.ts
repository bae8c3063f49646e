import { difference, improvement, lengthOf, relativeDifference } from './numbers.ts';
import type { Finding, Metrics, Outcome } from './judgement.ts';
import type { Distance, MetricRule } from './policy.ts';
import { distanceInWords, findingInWords } from './sentences.ts';

export interface Comparison {
  readonly candidate: Metrics;
  /** Undefined: there is no champion. */
  readonly champion: Metrics | undefined;
  /** The two may be compared as far as the data goes. */
  readonly comparable: boolean;
}

/** What one rule finds in the numbers. */
export function findingFor(rule: MetricRule, { candidate, champion, comparable }: Comparison): Finding {
  const ours = measured(candidate, rule.name);
  const theirs = champion && measured(champion, rule.name);
  const both = ours !== undefined && theirs !== undefined ? { ours, theirs } : undefined;
  const asked = askedInWords(rule);
  const finding = {
    metric: rule.name,
    blocking: rule.blocking,
    ...(rule.direction && { direction: rule.direction }),
    ...(ours !== undefined && { candidate: ours }),
    ...(theirs !== undefined && { champion: theirs }),
    ...(both && changes(both)),
    ...(rule.min !== undefined && { min: rule.min }),
    ...(rule.max !== undefined && { max: rule.max }),
    ...(champion && asked !== undefined && { asked }),
    limits: limitsOf(rule, ours),
    outcome: champion === undefined ? 'not-compared' : outcomeOf(rule, both, comparable),
    gained: both !== undefined && gainOf(rule, both),
  } as const;
  return { ...finding, reason: findingInWords(finding, comparable) };
}

/** The value of a metric, if it is a number that can be judged. */
export function measured(metrics: Metrics, name: string): number | undefined {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

interface Both {
  readonly ours: number;
  readonly theirs: number;
}

function changes({ ours, theirs }: Both): { change?: number; relativeChange?: number } {
  const change = difference(ours, theirs);
  const relativeChange = relativeDifference(ours, theirs);
  return { ...(change !== undefined && { change }), ...(relativeChange !== undefined && { relativeChange }) };
}

function limitsOf(rule: MetricRule, value: number | undefined): 'held' | 'broken' | 'none' {
  if (rule.min === undefined && rule.max === undefined) return 'none';
  const held =
    value !== undefined && value >= (rule.min ?? Number.NEGATIVE_INFINITY) && value <= (rule.max ?? Infinity);
  return held ? 'held' : 'broken';
}

function outcomeOf(rule: MetricRule, both: Both | undefined, comparable: boolean): Outcome {
  if (rule.direction === undefined) return 'not-compared';
  if (both === undefined || !comparable) return 'undecided';
  const gain = improvement(both.ours, both.theirs, rule.direction);
  const tolerance = rule.tolerance ? lengthOf(rule.tolerance, both.theirs) : 0;
  if (gain.lt(0) && gain.abs().gt(tolerance)) return 'worse';
  if (!asksForGain(rule.gain)) return 'met';
  // Any share of zero is zero: without a real gain, a gain that was asked for is not there.
  return gain.gt(0) && gain.gte(lengthOf(rule.gain, both.theirs)) ? 'met' : 'undecided';
}

function gainOf(rule: MetricRule, { ours, theirs }: Both): boolean {
  return rule.direction !== undefined && improvement(ours, theirs, rule.direction).gt(0);
}

function asksForGain(gain: Distance | undefined): gain is Distance {
  return gain !== undefined && ('absolute' in gain ? gain.absolute : gain.percent) > 0;
}

function askedInWords(rule: MetricRule): string | undefined {
  if (rule.direction === undefined) return undefined;
  const tolerance = rule.tolerance ? distanceInWords(rule.tolerance) : undefined;
  if (!asksForGain(rule.gain)) return tolerance ? `at most ${tolerance} worse` : 'not worse';
  return `at least ${distanceInWords(rule.gain)} better`;
}
