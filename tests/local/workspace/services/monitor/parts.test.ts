import assert from 'node:assert/strict';
import fc from 'fast-check';
import { definitionsOf } from '../../../../../local/workspace/services/monitor/definitions.ts';
import { parseFilter } from '../../../../../local/workspace/services/monitor/filter.ts';
import {
  classOf,
  mergeHistograms,
  percentile,
  type Histogram,
} from '../../../../../local/workspace/services/monitor/histogram.ts';
import { parseQuery } from '../../../../../local/workspace/services/monitor/query.ts';

describe('metrics of endpoints', () => {
  it('give percentiles that are off by three percent at most', () => {
    const latencies = fc.array(fc.double({ min: 0.1, max: 100_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (values, share) => {
        const sorted = [...values].sort((one, other) => one - other);
        const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
        const found = percentile(histogramOf(values), share)!;
        assert.ok(Math.abs(found - exact) / exact < 0.03, `${found} instead of ${exact}`);
      }),
    );
  });

  it('give the same percentile for parts that are put together', () => {
    const [one, other] = [
      [1, 2, 3],
      [100, 200, 300],
    ].map(histogramOf) as [Histogram, Histogram];
    assert.equal(
      percentile(mergeHistograms([one, other]), 0.5),
      percentile(histogramOf([1, 2, 3, 100, 200, 300]), 0.5),
    );
    assert.equal(percentile({}, 0.5), undefined);
  });

  it('are filtered by one dimension and split by another', () => {
    const filter = parseFilter(
      "Deployment eq 'blue' and (statusCodeClass eq '2xx' or statusCodeClass eq '4xx')",
    );
    assert.deepEqual(filter.split, ['deployment', 'statuscodeclass']);
    assert.ok(filter.accepts({ deployment: 'blue', statusCodeClass: '4xx' }));
    assert.ok(!filter.accepts({ deployment: 'blue', statusCodeClass: '5xx' }));
    assert.ok(!filter.accepts({ deployment: 'green', statusCodeClass: '2xx' }));
    assert.ok(parseFilter("deployment ne 'blue'").accepts({ deployment: 'green' }));
    assert.ok(parseFilter("deployment eq 'a and b'").accepts({ deployment: 'a and b' }));
    assert.throws(() => parseFilter('deployment = blue'), /cannot be read/);
  });

  it('are asked for by name, time and interval, and what is wrong is named', () => {
    const now = new Date('2026-01-01T12:00:30Z');
    const read = (query: Record<string, string>) => parseQuery(query, definitionsOf('endpoint'), now);
    const query = read({
      metricnames: 'requestlatency_p95',
      timespan: '2026-01-01T10:00:00Z/2026-01-01T11:00:00Z',
      interval: 'PT5M',
    });
    assert.deepEqual(
      query.metrics.map((metric) => metric.name),
      ['RequestLatency_P95'],
    );
    assert.equal(query.toMs - query.fromMs, 3_600_000);
    assert.equal(query.intervalInMs, 300_000);
    assert.equal(read({}).metrics.length, 6);
    assert.throws(
      () => read({ metricnames: 'Speed' }),
      /no metric 'Speed'. Valid metrics: RequestsPerMinute/,
    );
    assert.throws(() => read({ timespan: 'yesterday' }), /timespan 'yesterday'/);
    assert.throws(() => read({ interval: 'PT10S' }), /whole number of minutes/);
    assert.throws(() => read({ aggregation: 'median' }), /aggregation 'median'/);
  });
});

function histogramOf(values: readonly number[]): Histogram {
  return mergeHistograms(values.map((value) => ({ [classOf(value)]: 1 })));
}
