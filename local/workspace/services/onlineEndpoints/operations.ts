import { failure } from '../../server/failures.ts';
import { carryOut } from './deploymentOperations.ts';
import { deploymentKey, isBusy } from './documents.ts';
import { changeEndpoint, removeEndpoint } from './endpointOperations.ts';
import type { OneDeployment, Online, OnlineOperations } from './online.ts';
import { dismantle, serve } from './provision.ts';

/** Everything is done until the workspace stops, and by its next life from there. */
export function onlineOperations(online: Online): OnlineOperations {
  const { operations } = online.context;
  return {
    putEndpoint: operations.task({
      name: 'onlineEndpoint.put',
      kind: 'oe',
      work: ({ endpoint }) => changeEndpoint(online, endpoint, { provisioningState: 'Succeeded' }),
    }),
    deleteEndpoint: operations.task({
      name: 'onlineEndpoint.delete',
      kind: 'oe',
      work: ({ endpoint }) => online.work(() => removeEndpoint(online, endpoint)),
    }),
    changeKeys: operations.task({
      name: 'onlineEndpoint.keys',
      kind: 'oeidp',
      work: async ({ endpoint, keys }) => {
        await online.documents.endpoints.update(
          endpoint,
          (current) => current && { ...current, keys: { ...current.keys, ...keys } },
        );
      },
    }),
    putDeployment: operations.task({
      name: 'onlineDeployment.put',
      kind: 'od',
      work: (names, again) => online.work(() => bringAbout(online, names, again)),
    }),
    deleteDeployment: operations.task({
      name: 'onlineDeployment.delete',
      kind: 'od',
      work: ({ endpoint, deployment }) => online.work(() => dismantle(online, endpoint, deployment)),
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
