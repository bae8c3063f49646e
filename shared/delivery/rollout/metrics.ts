import type { AzureML, RequestOptions } from '../../azureml/index.ts';
import type { Limits } from '../../rollout/endpointState.ts';
import type { Measured } from '../../rollout/analysis.ts';

const API_VERSION = '2018-01-01';

/** Statuses below 500 that are the deployment's doing: too slow, the model failed, too many requests in flight. */
const OWN_FAILURES = new Set(['408', '424', '429']);

interface Series {
  readonly metadatavalues?: readonly {
    readonly name?: { readonly value?: string };
    readonly value?: string;
  }[];
  readonly data?: readonly { readonly average?: number | null }[];
}

export interface MetricsQuestion {
  /** ARM id of the endpoint. */
  readonly endpointId: string;
  readonly deployment: string;
  readonly from: Date;
  readonly to: Date;
  readonly limits: Limits;
}

/** What Azure Monitor knows of one deployment's requests; it knows of a minute some minutes later. */
export async function measure(
  client: AzureML,
  question: MetricsQuestion,
  options?: RequestOptions,
): Promise<Measured> {
  const counts = await ask(
    client,
    { ...question, metric: 'RequestsPerMinute', dimension: 'statusCode' },
    options,
  );
  const byStatus = counts.map((series) => ({ status: dimensionOf(series), requests: total(series) }));
  const failed = byStatus.filter(({ status }) => status >= '500' || OWN_FAILURES.has(status));
  const percentile = question.limits.latencyPercentile ?? 95;
  const latencies =
    question.limits.maxLatencyInMs === undefined
      ? []
      : await ask(
          client,
          { ...question, metric: `RequestLatency_P${percentile}`, dimension: undefined },
          options,
        );
  return {
    requests: sum(byStatus.map(({ requests }) => requests)),
    failedRequests: sum(failed.map(({ requests }) => requests)),
    latencyInMs: mean(latencies.flatMap(points)),
  };
}

async function ask(
  client: AzureML,
  question: MetricsQuestion & { metric: string; dimension: string | undefined },
  options?: RequestOptions,
): Promise<readonly Series[]> {
  const { metric, dimension, deployment, from, to } = question;
  const filter = [`deployment eq '${deployment}'`, ...(dimension ? [`${dimension} eq '*'`] : [])].join(
    ' and ',
  );
  const query = new URLSearchParams({
    'api-version': API_VERSION,
    metricnames: metric,
    aggregation: 'Average',
    interval: 'PT1M',
    timespan: `${from.toISOString()}/${to.toISOString()}`,
    $filter: filter,
  });
  const path = `${question.endpointId}/providers/microsoft.insights/metrics?${query.toString()}`;
  const { body } = await client.arm.send(`Reading the metric ${metric}`, 'GET', path, undefined, options);
  const answer = body as { value?: readonly { timeseries?: readonly Series[] }[] } | undefined;
  return (answer?.value ?? []).flatMap(({ timeseries = [] }) => timeseries);
}

function dimensionOf({ metadatavalues = [] }: Series): string {
  const found = metadatavalues.find(({ name }) => name?.value?.toLowerCase() === 'statuscode');
  return found?.value ?? '';
}

function points({ data = [] }: Series): number[] {
  return data.flatMap(({ average }) => (typeof average === 'number' ? [average] : []));
}

/** Requests per minute, minute by minute, add up to requests. */
function total(series: Series): number {
  return sum(points(series));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}
