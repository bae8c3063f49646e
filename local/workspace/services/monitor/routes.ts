import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { failure } from '../../server/failures.ts';
import { workspacePath } from '../../server/paths.ts';
import { deploymentKey, onlineDocuments } from '../onlineEndpoints/documents.ts';
import { normalName } from '../onlineEndpoints/names.ts';
import { deploymentId, endpointId } from '../onlineEndpoints/render.ts';
import { definitionsOf, renderDefinition, type ResourceKind } from './definitions.ts';
import { parseQuery } from './query.ts';
import { seriesOf, timestamp } from './series.ts';
import { trafficOf } from './traffic.ts';

const ENDPOINT = `${workspacePath}/onlineEndpoints/:endpoint` as const;
const DEPLOYMENT = `${ENDPOINT}/deployments/:deployment` as const;
/** ARM compares these words without case, and clients write them in both ways. */
const METRICS = 'providers/:provider{[Mm]icrosoft\\.[Ii]nsights}/:word{[Mm]etrics}';
const DEFINITIONS = 'providers/:provider{[Mm]icrosoft\\.[Ii]nsights}/:word{[Mm]etric[Dd]efinitions}';

interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly endpoint: string;
  readonly deployment?: string;
}

/** Azure Monitor's metrics of endpoints and deployments, from the requests that came in. */
export function monitorRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  for (const path of [ENDPOINT, DEPLOYMENT]) {
    app.get(`${path}/${METRICS}`, (request) =>
      request.json(metricsOf(context, resourceOf(context, request), request)),
    );
    app.get(`${path}/${DEFINITIONS}`, (request) => {
      const resource = resourceOf(context, request);
      const value = definitionsOf(resource.kind).map((metric) =>
        renderDefinition(resource.id, namespaceOf(resource.kind), metric),
      );
      return request.json({ value });
    });
  }
  return app;
}

function metricsOf(context: WorkspaceContext, resource: Resource, request: Context<WorkspaceEnv>): object {
  const query = parseQuery(request.req.query(), definitionsOf(resource.kind), context.clock.now());
  const minutes = trafficOf(context)
    .minutes(resource.endpoint, query.fromMs, query.toMs)
    .filter(({ deployment }) => resource.deployment === undefined || deployment === resource.deployment);
  return {
    cost: Math.ceil((query.toMs - query.fromMs) / 60_000) - 1,
    timespan: `${timestamp(query.fromMs)}/${timestamp(query.toMs)}`,
    interval: query.interval,
    namespace: namespaceOf(resource.kind),
    resourceregion: context.identity.location,
    value: query.metrics.map((metric) => ({
      id: `${resource.id}/providers/Microsoft.Insights/metrics/${metric.name}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: metric.name, localizedValue: metric.title },
      displayDescription: metric.description,
      unit: metric.unit,
      timeseries: seriesOf(metric, query, minutes, resource.kind),
      errorCode: 'Success',
    })),
  };
}

function resourceOf(context: WorkspaceContext, request: Context<WorkspaceEnv>): Resource {
  const documents = onlineDocuments(context.store);
  const endpoint = normalName(request.req.param('endpoint') ?? '');
  if (!documents.endpoints.get(endpoint)) throw noSuchResource(endpointId(context, endpoint));
  const name = request.req.param('deployment');
  if (name === undefined) return { kind: 'endpoint', id: endpointId(context, endpoint), endpoint };
  const deployment = normalName(name);
  const id = deploymentId(context, endpoint, deployment);
  if (!documents.deployments.get(deploymentKey(endpoint, deployment))) throw noSuchResource(id);
  return { kind: 'deployment', id, endpoint, deployment };
}

function namespaceOf(kind: ResourceKind): string {
  const endpoints = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
  return kind === 'endpoint' ? endpoints : `${endpoints}/deployments`;
}

function noSuchResource(id: string): Error {
  return failure(404, 'ResourceNotFound', `The resource '${id}' was not found.`);
}
