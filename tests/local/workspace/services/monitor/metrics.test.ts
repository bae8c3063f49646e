import assert from 'node:assert/strict';
import { startTestWorkspace } from '../../../../helpers/workspace.ts';
import { startOnlineKit, type OnlineKit } from '../onlineEndpoints/kit.ts';

describe("Azure Monitor's metrics of an endpoint", () => {
  let kit: OnlineKit;
  before(async () => {
    kit = await startOnlineKit(await startTestWorkspace());
    await kit.endpoint('measured');
    await kit.deployment('measured', 'blue');
    await kit.traffic('measured', { blue: 100 });
    for (let count = 0; count < 5; count += 1) await kit.score('measured', { count });
    for (let count = 0; count < 2; count += 1) await kit.score('measured', { fail: 'on purpose' });
  });
  after(() => kit.workspace.stop());

  const metrics = async (
    query: string,
    resource = '/onlineEndpoints/measured',
    provider = 'Microsoft.Insights',
  ) => kit.arm('GET', `${resource}/providers/${provider}/metrics?interval=FULL&${query}`);
  const filter = (text: string) => `$filter=${encodeURIComponent(text)}`;

  it('count every request', async () => {
    const { json } = await metrics('metricnames=RequestsPerMinute&aggregation=Total,Average');
    assert.equal(json.namespace, 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints');
    assert.equal(json.value[0].name.value, 'RequestsPerMinute');
    assert.equal(json.value[0].timeseries[0].data[0].total, 7);
  });

  it('tell failed requests by their status', async () => {
    const { json } = await metrics(
      `metricnames=RequestsPerMinute&aggregation=Total&${filter("deployment eq 'blue' and statusCodeClass eq '*'")}`,
    );
    const totals = json.value[0].timeseries.map((series: Series) => [
      ...series.metadatavalues.map((label) => label.value),
      series.data[0]?.total,
    ]);
    assert.deepEqual(totals.sort(), [
      ['blue', '2xx', 5],
      ['blue', '4xx', 2],
    ]);
    const byModel = await metrics(
      `metricnames=RequestsPerMinute&aggregation=Total&${filter("modelStatusCode eq '500'")}`,
    );
    assert.equal(byModel.json.value[0].timeseries[0].data[0].total, 2);
  });

  it('give latencies in milliseconds, the higher percentile never below the lower', async () => {
    const { json } = await metrics('metricnames=RequestLatency,RequestLatency_P50,RequestLatency_P99');
    const [mean, middle, high] = json.value.map(
      (metric: { timeseries: Series[] }) => metric.timeseries[0]?.data[0]?.average,
    );
    assert.ok(mean > 0 && middle > 0 && high >= middle);
    assert.equal(json.value[0].unit, 'Milliseconds');
  });

  it('are there for the deployment itself, under the names Azure has for it', async () => {
    const resource = '/onlineEndpoints/measured/deployments/blue';
    const { json } = await metrics(
      `metricnames=RequestsPerMinute&aggregation=Total&${filter("envoy_response_code eq '500'")}`,
      resource,
      'microsoft.insights',
    );
    assert.equal(json.value[0].timeseries[0].data[0].total, 2);
    assert.equal((await metrics('metricnames=RequestLatency', resource)).status, 400);
    const definitions = await kit.arm('GET', `${resource}/providers/microsoft.insights/metricDefinitions`);
    assert.ok(
      definitions.json.value.some(
        (definition: { name: { value: string } }) => definition.name.value === 'RequestLatency_P95',
      ),
    );
  });

  it('are empty for a time without requests, and refused for what is not there', async () => {
    const { json } = await metrics(
      'metricnames=RequestsPerMinute&timespan=2020-01-01T00:00:00Z/2020-01-01T01:00:00Z',
    );
    assert.deepEqual(Object.keys(json.value[0].timeseries[0].data[0]), ['timeStamp']);
    assert.equal((await metrics('metricnames=RequestsPerMinute', '/onlineEndpoints/nowhere')).status, 404);
  });
});

interface Series {
  readonly metadatavalues: readonly { value: string }[];
  readonly data: readonly Record<string, number>[];
}
