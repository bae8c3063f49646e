import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { systemData } from '../../server/stamps.ts';
import { optional } from '../onlineEndpoints/parseEndpoint.ts';
import type { StoredDeployment, StoredEndpoint } from './documents.ts';

export const BATCH_ENDPOINT_TYPE = 'Microsoft.MachineLearningServices/workspaces/batchEndpoints';

function endpointId(context: WorkspaceContext, endpoint: string): string {
  return `${workspaceId(context.identity)}/batchEndpoints/${endpoint}`;
}

export function batchDeploymentId(context: WorkspaceContext, endpoint: string, deployment: string): string {
  return `${endpointId(context, endpoint)}/deployments/${deployment}`;
}

/** Where an endpoint is invoked; on Azure a host of its own, here a path. */
export function batchAddress(context: WorkspaceContext, endpoint: string): string {
  return `${context.urls.own}/batch/${endpoint}`;
}

/** A batch endpoint as ARM answers it. Keys are never part of it. */
export function renderEndpoint(context: WorkspaceContext, endpoint: StoredEndpoint): object {
  const address = batchAddress(context, endpoint.name);
  return {
    id: endpointId(context, endpoint.name),
    name: endpoint.name,
    type: BATCH_ENDPOINT_TYPE,
    ...renderTracked(endpoint),
    properties: {
      authMode: endpoint.authMode,
      ...optional('description', endpoint.description),
      defaults: { ...optional('deploymentName', endpoint.defaultDeployment) },
      properties: dictionary(endpoint),
      provisioningState: endpoint.provisioningState,
      scoringUri: `${address}/jobs`,
      swaggerUri: `${address}/swagger.json`,
    },
  };
}

/** A batch deployment as ARM answers it. */
export function renderDeployment(context: WorkspaceContext, deployment: StoredDeployment): object {
  return {
    id: batchDeploymentId(context, deployment.endpoint, deployment.name),
    name: deployment.name,
    type: `${BATCH_ENDPOINT_TYPE}/deployments`,
    ...renderTracked(deployment),
    properties: {
      ...deployment.definition,
      properties: dictionary(deployment),
      provisioningState: deployment.provisioningState,
    },
  };
}

function renderTracked(resource: StoredEndpoint | StoredDeployment): object {
  return {
    location: resource.location,
    tags: resource.tags,
    ...optional('kind', resource.kind),
    ...optional('sku', resource.sku),
    ...optional('identity', resource.identity),
    systemData: systemData(resource),
  };
}

function dictionary({ properties, operationUri }: StoredEndpoint | StoredDeployment): object {
  return { ...properties, ...optional('AzureAsyncOperationUri', operationUri) };
}
