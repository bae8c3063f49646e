/** The two kinds of resources that have metrics here. */
export type ResourceKind = 'endpoint' | 'deployment';

export interface MetricDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly unit: 'Count' | 'Milliseconds';
  /** The aggregation that is answered when none is asked for. */
  readonly primary: 'Average';
  readonly dimensions: readonly string[];
  readonly measure: 'requests' | 'latency' | { readonly percentile: number };
}

/** Names, units and dimensions as Azure Monitor lists them for `workspaces/onlineEndpoints` and its `deployments`. */
export function definitionsOf(kind: ResourceKind): readonly MetricDefinition[] {
  const isEndpoint = kind === 'endpoint';
  const dimensions = isEndpoint ? ['deployment'] : [];
  return [
    {
      name: 'RequestsPerMinute',
      title: 'Requests Per Minute',
      description: `Requests that reached the ${kind} within a minute`,
      unit: 'Count',
      primary: 'Average',
      dimensions: isEndpoint
        ? ['deployment', 'statusCode', 'statusCodeClass', 'modelStatusCode']
        : ['envoy_response_code'],
      measure: 'requests',
    },
    ...(isEndpoint
      ? [latency('RequestLatency', 'Request Latency', 'Mean time to answer a request', dimensions)]
      : []),
    ...[50, 90, 95, 99].map((rank): MetricDefinition => ({
      ...latency(
        `RequestLatency_P${rank}`,
        `Request Latency P${rank}`,
        `Time within which ${rank} percent of requests are answered`,
        dimensions,
      ),
      measure: { percentile: rank / 100 },
    })),
  ];
}

function latency(
  name: string,
  title: string,
  description: string,
  dimensions: readonly string[],
): MetricDefinition {
  return {
    name,
    title,
    description,
    unit: 'Milliseconds',
    primary: 'Average',
    dimensions,
    measure: 'latency',
  };
}

/** How a metric's definition is listed by Azure Monitor. */
export function renderDefinition(
  resourceId: string,
  namespace: string,
  definition: MetricDefinition,
): object {
  return {
    id: `${resourceId}/providers/microsoft.insights/metricdefinitions/${definition.name}`,
    resourceId,
    namespace,
    name: { value: definition.name, localizedValue: definition.title },
    displayDescription: definition.description,
    isDimensionRequired: false,
    unit: definition.unit,
    primaryAggregationType: definition.primary,
    supportedAggregationTypes: ['Average', 'Minimum', 'Maximum', 'Total', 'Count'],
    metricAvailabilities: ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'].map(
      (timeGrain) => ({
        timeGrain,
        retention: 'P93D',
      }),
    ),
    dimensions: definition.dimensions.map((value) => ({ value, localizedValue: value })),
  };
}
