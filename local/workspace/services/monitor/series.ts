import type { MetricDefinition, ResourceKind } from './definitions.ts';
import { valueOf } from './filter.ts';
import { mergeHistograms, percentile } from './histogram.ts';
import type { Aggregation, MetricsQuery } from './query.ts';
import type { TrafficMinute } from './traffic.ts';

/** The numbers of one metric within one interval; absent when there was no request. */
type Numbers = Readonly<Record<Aggregation, number>>;

interface Sample {
  readonly minute: TrafficMinute;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly requests: number;
}

/** The time series of one metric: one for each combination of the filter's dimensions. */
export function seriesOf(
  metric: MetricDefinition,
  query: MetricsQuery,
  minutes: readonly TrafficMinute[],
  kind: ResourceKind,
): object[] {
  const samples = samplesOf(metric, minutes, kind).filter(({ dimensions }) =>
    query.filter.accepts(dimensions),
  );
  const groups = groupBy(samples, (sample) => labelOf(sample, query));
  if (groups.size === 0) return query.filter.split.length > 0 ? [] : [oneSeries(metric, query, [])];
  return [...groups.values()].map((group) => oneSeries(metric, query, group));
}

function groupBy(samples: readonly Sample[], label: (sample: Sample) => string): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) groups.set(label(sample), [...(groups.get(label(sample)) ?? []), sample]);
  return groups;
}

function labelOf({ dimensions }: Sample, { filter }: MetricsQuery): string {
  return JSON.stringify(filter.split.map((name) => valueOf(dimensions, name)));
}

/** Requests are counted by their codes; latencies only by deployment. */
function samplesOf(
  metric: MetricDefinition,
  minutes: readonly TrafficMinute[],
  kind: ResourceKind,
): Sample[] {
  return minutes.flatMap((minute): Sample[] => {
    const { deployment, statuses } = minute;
    const counts = Object.entries(statuses);
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    if (metric.measure !== 'requests') return [{ minute, dimensions: { deployment }, requests: all }];
    return counts.map(([codes, requests]) => ({
      minute,
      requests,
      dimensions: dimensionsOf(codes, deployment, kind),
    }));
  });
}

function dimensionsOf(codes: string, deployment: string, kind: ResourceKind): Record<string, string> {
  const [statusCode = '', modelStatusCode = ''] = codes.split('/');
  if (kind === 'deployment')
    return { envoy_response_code: modelStatusCode === '0' ? statusCode : modelStatusCode };
  return { deployment, statusCode, statusCodeClass: `${statusCode[0]}xx`, modelStatusCode };
}

function oneSeries(metric: MetricDefinition, query: MetricsQuery, samples: readonly Sample[]): object {
  const aggregations = query.aggregations ?? ['average'];
  const data: object[] = [];
  for (let start = query.fromMs; start < query.toMs; start += query.intervalInMs) {
    const inside = samples.filter(
      ({ minute }) => minute.at >= start && minute.at < start + query.intervalInMs,
    );
    const numbers = numbersOf(metric, inside);
    const values = numbers ? aggregations.map((name) => [name, numbers[name]] as const) : [];
    data.push({ timeStamp: timestamp(start), ...Object.fromEntries(values) });
  }
  const [first] = samples;
  const labels = first ? query.filter.split.map((name) => labelFor(metric, name, first)) : [];
  return { metadatavalues: labels, data };
}

function labelFor(metric: MetricDefinition, name: string, { dimensions }: Sample): object {
  const spelled = metric.dimensions.find((dimension) => dimension.toLowerCase() === name) ?? name;
  return { name: { value: spelled, localizedValue: spelled }, value: valueOf(dimensions, name) };
}

function numbersOf(metric: MetricDefinition, samples: readonly Sample[]): Numbers | undefined {
  if (samples.length === 0) return undefined;
  if (metric.measure === 'requests') return requestNumbers(samples);
  const requests = samples.reduce((sum, sample) => sum + sample.requests, 0);
  if (metric.measure === 'latency') return latencyNumbers(samples, requests);
  const histogram = mergeHistograms(samples.map(({ minute }) => minute.latencies));
  const value = percentile(histogram, metric.measure.percentile) ?? 0;
  return { average: value, minimum: value, maximum: value, total: value, count: requests };
}

/** The metric is a rate: each minute with requests is one value, their sum is the number of requests. */
function requestNumbers(samples: readonly Sample[]): Numbers {
  const byMinute = new Map<number, number>();
  for (const { minute, requests } of samples)
    byMinute.set(minute.at, (byMinute.get(minute.at) ?? 0) + requests);
  const values = [...byMinute.values()];
  const total = values.reduce((sum, value) => sum + value, 0);
  return {
    average: total / values.length,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    total,
    count: values.length,
  };
}

function latencyNumbers(samples: readonly Sample[], requests: number): Numbers {
  const total = samples.reduce((sum, { minute }) => sum + minute.latencySumInMs, 0);
  return {
    average: total / requests,
    minimum: Math.min(...samples.map(({ minute }) => minute.fastestInMs)),
    maximum: Math.max(...samples.map(({ minute }) => minute.slowestInMs)),
    total,
    count: requests,
  };
}

/** Azure Monitor writes whole seconds. */
export function timestamp(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
