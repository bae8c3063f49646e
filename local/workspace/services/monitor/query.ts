import { userError } from '../../server/failures.ts';
import { durationInMs } from '../onlineEndpoints/durations.ts';
import type { MetricDefinition } from './definitions.ts';
import { parseFilter, type DimensionFilter } from './filter.ts';

const AGGREGATIONS = ['average', 'minimum', 'maximum', 'total', 'count'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** What a request for metrics asks for. */
export interface MetricsQuery {
  readonly metrics: readonly MetricDefinition[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalInMs: number;
  /** As it was written, for the answer. */
  readonly interval: string;
  /** Absent: each metric's own. */
  readonly aggregations: readonly Aggregation[] | undefined;
  readonly filter: DimensionFilter;
}

const MINUTE_IN_MS = 60_000;
const HOUR_IN_MS = 60 * MINUTE_IN_MS;

/** Reads the query string of Azure Monitor's metrics operation. */
export function parseQuery(
  query: Readonly<Record<string, string>>,
  known: readonly MetricDefinition[],
  now: Date,
): MetricsQuery {
  const value = (name: string) => Object.entries(query).find(([key]) => key.toLowerCase() === name)?.[1];
  const interval = value('interval') ?? 'PT1M';
  const { fromMs, toMs } = parseTimespan(value('timespan'), now);
  return {
    metrics: parseNames(value('metricnames'), known),
    fromMs,
    toMs,
    intervalInMs: parseInterval(interval, toMs - fromMs),
    interval,
    aggregations: parseAggregations(value('aggregation')),
    filter: parseFilter(value('$filter')),
  };
}

function parseNames(
  text: string | undefined,
  known: readonly MetricDefinition[],
): readonly MetricDefinition[] {
  if (!text) return known;
  return text.split(',').map((name) => {
    const found = known.find((metric) => metric.name.toLowerCase() === name.trim().toLowerCase());
    if (found) return found;
    throw badRequest(
      `There is no metric '${name}'. Valid metrics: ${known.map((metric) => metric.name).join(', ')}.`,
    );
  });
}

function parseTimespan(text: string | undefined, now: Date): { fromMs: number; toMs: number } {
  if (!text) return { fromMs: minuteOf(now.getTime() - HOUR_IN_MS), toMs: now.getTime() };
  const duration = durationInMs(text);
  if (duration !== undefined) return { fromMs: minuteOf(now.getTime() - duration), toMs: now.getTime() };
  const [from = NaN, to = NaN] = text.split('/').map((part) => Date.parse(part));
  if (from < to) return { fromMs: minuteOf(from), toMs: to };
  throw badRequest(
    `The timespan '${text}' is not two times with a slash between them, the earlier one first.`,
  );
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_IN_MS) * MINUTE_IN_MS;
}

function parseInterval(text: string, span: number): number {
  if (text.toUpperCase() === 'FULL') return Math.max(span, MINUTE_IN_MS);
  const milliseconds = durationInMs(text);
  if (milliseconds !== undefined && milliseconds >= MINUTE_IN_MS && milliseconds % MINUTE_IN_MS === 0)
    return milliseconds;
  throw badRequest(`The interval '${text}' is not a whole number of minutes such as PT1M or PT1H.`);
}

function parseAggregations(text: string | undefined): readonly Aggregation[] | undefined {
  if (!text) return undefined;
  return text.split(',').map((name) => {
    const found = AGGREGATIONS.find((aggregation) => aggregation === name.trim().toLowerCase());
    if (found) return found;
    throw badRequest(`The aggregation '${name}' is not one of ${AGGREGATIONS.join(', ')}.`);
  });
}

function badRequest(message: string): Error {
  return userError(message);
}
