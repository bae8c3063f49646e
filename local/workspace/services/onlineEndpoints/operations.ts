import type { BeginOperation, Operations } from '../../context.ts';
import { failure } from '../../server/failures.ts';
import { carryOut } from './deploymentOperations.ts';
import { deploymentKey, isBusy, type EndpointKeys } from './documents.ts';
import { changeEndpoint, removeEndpoint } from './endpointOperations.ts';
import type { Online } from './online.ts';
import { dismantle, serve } from './provision.ts';

interface OneEndpoint {
  readonly endpoint: string;
}

interface OneDeployment extends OneEndpoint {
  readonly deployment: string;
}

/** The long-running work of online endpoints, by the names of what it is done to. */
export interface OnlineOperations {
  readonly putEndpoint: BeginOperation<OneEndpoint>;
  readonly deleteEndpoint: BeginOperation<OneEndpoint>;
  readonly changeKeys: BeginOperation<OneEndpoint & { readonly keys: Partial<EndpointKeys> }>;
  readonly putDeployment: BeginOperation<OneDeployment>;
  readonly deleteDeployment: BeginOperation<OneDeployment>;
}

/** Everything is done until the workspace stops, and by its next life from there. */
export function onlineOperations(operations: Operations, online: () => Online): OnlineOperations {
  return {
    putEndpoint: operations.task({
      name: 'onlineEndpoint.put',
      kind: 'oe',
      work: ({ endpoint }) => changeEndpoint(online(), endpoint, { provisioningState: 'Succeeded' }),
    }),
    deleteEndpoint: operations.task({
      name: 'onlineEndpoint.delete',
      kind: 'oe',
      work: ({ endpoint }) => online().work(() => removeEndpoint(online(), endpoint)),
    }),
    changeKeys: operations.task({
      name: 'onlineEndpoint.keys',
      kind: 'oeidp',
      work: async ({ endpoint, keys }) => {
        await online().documents.endpoints.update(
          endpoint,
          (current) => current && { ...current, keys: { ...current.keys, ...keys } },
        );
      },
    }),
    putDeployment: operations.task({
      name: 'onlineDeployment.put',
      kind: 'od',
      work: (names, again) => online().work(() => bringAbout(online(), names, again)),
    }),
    deleteDeployment: operations.task({
      name: 'onlineDeployment.delete',
      kind: 'od',
      work: ({ endpoint, deployment }) => online().work(() => dismantle(online(), endpoint, deployment)),
    }),
  };
}

/** After a restart what served before serves first, so that a change that fails leaves it as it was. */
async function bringAbout(
  online: Online,
  { endpoint, deployment }: OneDeployment,
  again: boolean,
): Promise<void> {
  const stored = online.documents.deployments.get(deploymentKey(endpoint, deployment));
  if (!stored) return;
  if (!isBusy(stored.provisioningState)) {
    if (stored.provisioningState === 'Failed')
      throw failure(400, 'BadArgument', `The deployment '${deployment}' failed while it was provisioned.`);
    return;
  }
  if (again && stored.serving) await serve(online, stored, stored.serving);
  await carryOut(online, stored);
}
