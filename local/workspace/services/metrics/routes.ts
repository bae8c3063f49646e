import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { type MetricPoint, recordsIn } from '../../engine/jobs/records/index.ts';
import { isObject, type Json, Members, readBody } from '../../server/bodies.ts';
import { dataPlanePath } from '../../server/paths.ts';
import { reachableRun } from '../runs/reach.ts';

const path = `${dataPlanePath('/metric/v2.0')}/runs/:runId` as const;
const MOST_SAMPLES = 1000;

/** Metrics of a run as run history's metric service has them. */
export function metricsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const records = recordsIn(context.store);
  app.post(`${path}/list`, (request) => {
    const run = reachableRun(records, request.get('caller'), request.req.param('runId'));
    const value = Object.entries(run.metrics).map(([name, point]) =>
      showMetric(context, run.runId, name, [point]),
    );
    return request.json({ value, continuationToken: null, nextLink: null });
  });
  for (const amount of ['full', 'sample'] as const) {
    app.post(`${path}/${amount}`, async (request) => {
      const run = reachableRun(records, request.get('caller'), request.req.param('runId'));
      const wanted = metricNameIn(await readBody(request));
      const names = wanted === undefined ? Object.keys(run.metrics) : [wanted];
      const shown = names.map((name) => {
        const points = records.metrics.history(run.runId, name);
        return showMetric(context, run.runId, name, amount === 'full' ? points : sampled(points));
      });
      return request.json(wanted === undefined ? { value: shown } : shown[0]);
    });
  }
  app.post(`${path}/batch`, async (request) => {
    const run = reachableRun(records, request.get('caller'), request.req.param('runId'));
    const values = (await readBody(request))['values'];
    const metrics = (Array.isArray(values) ? values : [])
      .filter(isObject)
      .flatMap((metric) => pointsIn(metric, context.clock.now()));
    await records.metrics.log(run.runId, { metrics }, context.clock.now());
    return request.json({});
  });
  return app;
}

/** The names by which clients ask for one metric. */
function metricNameIn(body: Json): string | undefined {
  const members = new Members(body, 'body');
  return members.text('metricName') ?? members.text('name');
}

/** Evenly taken, first and last included. */
function sampled(points: readonly MetricPoint[]): readonly MetricPoint[] {
  if (points.length <= MOST_SAMPLES) return points;
  const step = (points.length - 1) / (MOST_SAMPLES - 1);
  return Array.from({ length: MOST_SAMPLES }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

function showMetric(
  { identity }: WorkspaceContext,
  runId: string,
  name: string,
  points: readonly MetricPoint[],
): object {
  const columns = { [name]: 'Double' };
  return {
    dataContainerId: `dcid.${runId}`,
    name,
    columns,
    properties: { uxMetricType: 'azureml.v1.scalar', dataLocation: null },
    namespace: '',
    standardSchemaId: null,
    value: points.map((point, index) => ({
      metricId: `${identity.workspaceId}/${runId}/${name}/${index}`,
      createdUtc: new Date(point.timestamp).toISOString(),
      step: point.step,
      data: { [name]: Number.isFinite(point.value) ? point.value : String(point.value) },
    })),
    continuationToken: null,
    nextLink: null,
  };
}

function pointsIn(
  metric: Json,
  now: Date,
): { key: string; value: number; timestamp: number; step: number }[] {
  const points = Array.isArray(metric['value']) ? metric['value'] : [];
  return points.filter(isObject).flatMap((point) =>
    Object.entries(isObject(point['data']) ? point['data'] : {}).flatMap(([key, value]) => {
      const timestamp =
        typeof point['createdUtc'] === 'string' ? Date.parse(point['createdUtc']) : now.getTime();
      const step = typeof point['step'] === 'number' ? point['step'] : 0;
      return typeof value === 'number' ? [{ key, value, timestamp, step }] : [];
    }),
  );
}
