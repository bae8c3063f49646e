import { messageOf } from '../../../../shared/problem/index.ts';
import { deploymentsOf, isBusy, type StoredDeployment } from './documents.ts';
import type { Online } from './online.ts';
import { serve } from './provision.ts';

/**
 * After a restart everything that served serves again; what was under way when the workspace ended is carried on by its
 * operation. It returns at once; processes take their time.
 */
export async function bringBack(online: Online): Promise<void> {
  for (const [, endpoint] of [...online.documents.endpoints.list()]) {
    if (endpoint.provisioningState === 'Deleting') continue;
    for (const deployment of deploymentsOf(online.documents, endpoint.name))
      void online.work(() => bringDeploymentBack(online, deployment));
  }
}

async function bringDeploymentBack(online: Online, deployment: StoredDeployment): Promise<void> {
  const { endpoint, name, provisioningState, serving } = deployment;
  if (!serving || isBusy(provisioningState)) return;
  try {
    await serve(online, deployment, serving);
  } catch (error) {
    online.context.log(
      `deployment ${name} of endpoint ${endpoint} could not be brought back: ${messageOf(error)}`,
    );
  }
}
