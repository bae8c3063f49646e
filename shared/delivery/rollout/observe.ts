import type { AzureML, Deployment, Endpoint, RequestOptions } from '../../azureml/index.ts';
import type { DeploymentState, EndpointState } from '../../rollout/endpointState.ts';
import { tidyTraffic } from '../../rollout/traffic.ts';
import { describeBody } from './words.ts';

/** An endpoint as the service answers it, and as a plan sees it. */
export interface Observed {
  readonly endpoint: Endpoint;
  readonly deployments: readonly Deployment[];
  readonly state: EndpointState;
}

/** Reads an endpoint with its deployments; undefined where there is none. */
export async function observe(
  client: AzureML,
  name: string,
  options?: RequestOptions,
): Promise<Observed | undefined> {
  const endpoint = await client.endpoints.get(name, options);
  if (!endpoint) return undefined;
  const deployments = await client.endpoints.deployments.list(name, options);
  return { endpoint, deployments, state: stateOf(endpoint, deployments) };
}

function stateOf(endpoint: Endpoint, deployments: readonly Deployment[]): EndpointState {
  return {
    name: endpoint.name,
    provisioningState: endpoint.provisioningState,
    tags: endpoint.tags,
    traffic: { live: tidyTraffic(endpoint.traffic), mirror: tidyTraffic(endpoint.mirrorTraffic) },
    settings: describeBody(endpoint.raw, {}),
    deployments: deployments.map(deploymentState),
  };
}

function deploymentState(deployment: Deployment): DeploymentState {
  return {
    name: deployment.name.toLowerCase(),
    provisioningState: deployment.provisioningState,
    tags: deployment.tags,
    specification: describeBody(deployment.raw, deployment.tags),
  };
}
