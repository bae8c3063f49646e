import { messageOf } from '../../../../shared/problem/index.ts';
import { deploymentsOf, isBusy, type StoredDeployment, type StoredEndpoint } from './documents.ts';
import { carryOut } from './deploymentOperations.ts';
import { removeEndpoint } from './endpointOperations.ts';
import type { Online } from './online.ts';
import { dismantle, serve } from './provision.ts';

/**
 * After a restart everything that served serves again, and what was under way when the workspace ended is carried
 * on to its end: created, changed or deleted. It returns at once; processes take their time.
 */
export async function bringBack(online: Online): Promise<void> {
  for (const [, endpoint] of [...online.documents.endpoints.list()]) {
    void online
      .work(() => bringEndpointBack(online, endpoint))
      .catch((error: unknown) =>
        online.context.log(`endpoint ${endpoint.name} could not be brought back: ${messageOf(error)}`),
      );
  }
}

async function bringEndpointBack(online: Online, endpoint: StoredEndpoint): Promise<void> {
  if (endpoint.provisioningState === 'Deleting') return removeEndpoint(online, endpoint.name);
  if (isBusy(endpoint.provisioningState)) {
    await online.documents.endpoints.put(endpoint.name, { ...endpoint, provisioningState: 'Succeeded' });
  }
  const deployments = deploymentsOf(online.documents, endpoint.name);
  await Promise.all(deployments.map((deployment) => bringDeploymentBack(online, deployment)));
}

async function bringDeploymentBack(online: Online, deployment: StoredDeployment): Promise<void> {
  const { endpoint, name, provisioningState, serving } = deployment;
  try {
    if (provisioningState === 'Deleting') return await dismantle(online, endpoint, name);
    if (serving) await serve(online, deployment, serving);
    if (isBusy(provisioningState)) await carryOut(online, deployment);
  } catch (error) {
    online.context.log(
      `deployment ${name} of endpoint ${endpoint} could not be brought back: ${messageOf(error)}`,
    );
  }
}
