import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { systemData } from '../../server/stamps.ts';
import type { StoredDeployment, StoredEndpoint } from './documents.ts';
import { optional } from './parseEndpoint.ts';

const ENDPOINT_TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

export function endpointId(context: WorkspaceContext, endpoint: string): string {
  return `${workspaceId(context.identity)}/onlineEndpoints/${endpoint}`;
}

export function deploymentId(context: WorkspaceContext, endpoint: string, deployment: string): string {
  return `${endpointId(context, endpoint)}/deployments/${deployment}`;
}

/** Where an endpoint is called; on Azure a host of its own, here a path. */
export function scoringAddress(context: WorkspaceContext, endpoint: string): string {
  return `${context.urls.own}/online/${endpoint}`;
}

/** An endpoint as ARM answers it. Keys are never part of it. */
export function renderEndpoint(context: WorkspaceContext, endpoint: StoredEndpoint): object {
  const id = endpointId(context, endpoint.name);
  const address = scoringAddress(context, endpoint.name);
  return {
    id,
    name: endpoint.name,
    type: ENDPOINT_TYPE,
    location: endpoint.location,
    tags: endpoint.tags,
    kind: endpoint.kind ?? (endpoint.compute === undefined ? 'Managed' : 'Kubernetes'),
    ...optional('identity', endpoint.identity),
    systemData: systemData(endpoint),
    properties: {
      authMode: endpoint.authMode,
      ...optional('description', endpoint.description),
      ...optional('compute', endpoint.compute),
      publicNetworkAccess: endpoint.publicNetworkAccess,
      properties: {
        ...endpoint.properties,
        'azureml.onlineendpointid': id.toLowerCase(),
        ...optional('AzureAsyncOperationUri', endpoint.operationUri),
      },
      provisioningState: endpoint.provisioningState,
      scoringUri: `${address}/score`,
      swaggerUri: `${address}/swagger.json`,
      traffic: endpoint.traffic,
      mirrorTraffic: endpoint.mirrorTraffic,
    },
  };
}

/** A deployment as ARM answers it; the number of instances is in the SKU. */
export function renderDeployment(context: WorkspaceContext, deployment: StoredDeployment): object {
  return {
    id: deploymentId(context, deployment.endpoint, deployment.name),
    name: deployment.name,
    type: `${ENDPOINT_TYPE}/deployments`,
    location: deployment.location,
    tags: deployment.tags,
    kind: deployment.kind ?? String(deployment.wanted.properties['endpointComputeType']),
    ...optional('identity', deployment.identity),
    sku: { ...deployment.sku, capacity: deployment.wanted.capacity },
    systemData: systemData(deployment),
    properties: {
      ...deployment.wanted.properties,
      properties: {
        ...deployment.properties,
        ...optional('AzureAsyncOperationUri', deployment.operationUri),
      },
      provisioningState: deployment.provisioningState,
    },
  };
}
