import type { Caller } from '../../context.ts';
import { batchEndpointsBody } from '../../rules/batchEndpoints.ts';
import { checkShape } from '../../rules/shape.ts';
import type { Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { deploymentKey, isBusy } from '../onlineEndpoints/documents.ts';
import { newKey, operationRunning, type Accepted } from '../onlineEndpoints/endpointOperations.ts';
import { checkName } from '../onlineEndpoints/names.ts';
import { findEndpoint, type BatchControl } from './batch.ts';
import { batchDeploymentsOf, type StoredEndpoint } from './documents.ts';
import { parseEndpoint, parseEndpointPatch, type EndpointRequest } from './parseEndpoint.ts';

/** Creates or replaces a batch endpoint. */
export async function putEndpoint(
  batch: BatchControl,
  name: string,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredEndpoint>> {
  checkName('endpoint', name);
  checkShape(batchEndpointsBody, body);
  const request = parseEndpoint(body);
  const current = batch.documents.endpoints.get(name);
  if (current) refuseWhileBusy(current);
  if (current && current.authMode !== request.authMode)
    throw userError('authMode of an existing endpoint cannot be changed.');
  checkDefault(batch, name, request);
  return begin(batch, {
    ...request,
    ...stamp(batch.context.clock, caller, current),
    name,
    keys: current?.keys ?? { primary: newKey(), secondary: newKey(), ...request.keys },
    provisioningState: current ? 'Updating' : 'Creating',
  });
}

/** Changes tags and identity. */
export async function patchEndpoint(
  batch: BatchControl,
  name: string,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredEndpoint>> {
  const current = findEndpoint(batch, name);
  refuseWhileBusy(current);
  const patch = parseEndpointPatch(body);
  const stamps = stamp(batch.context.clock, caller, current);
  return begin(batch, { ...current, ...stamps, ...patch, provisioningState: 'Updating' });
}

/** Deletes an endpoint with all of its deployments; jobs they made stay. */
export async function deleteEndpoint(batch: BatchControl, name: string): Promise<string> {
  const current = findEndpoint(batch, name);
  refuseWhileBusy(current);
  const busy = batchDeploymentsOf(batch.documents, name).find((one) => isBusy(one.provisioningState));
  if (busy) throw operationRunning(`the deployment '${busy.name}' of endpoint '${name}'`);
  return batch.begin.deleteEndpoint({ endpoint: name }, (operationUri) => {
    void batch.documents.endpoints.put(name, { ...current, provisioningState: 'Deleting', operationUri });
  });
}

export function refuseWhileBusy(endpoint: StoredEndpoint): void {
  if (isBusy(endpoint.provisioningState)) throw operationRunning(`the endpoint '${endpoint.name}'`);
}

/** What callers reach without naming a deployment must be able to answer them. */
function checkDefault(batch: BatchControl, name: string, { defaultDeployment }: EndpointRequest): void {
  if (defaultDeployment === undefined) return;
  const deployment = batch.documents.deployments.get(deploymentKey(name, defaultDeployment));
  if (deployment && deployment.provisioningState !== 'Deleting') return;
  throw userError(
    `The default deployment '${defaultDeployment}' does not exist: the endpoint '${name}' has no deployment of this name. ` +
      'Create it before it is made the default.',
  );
}

async function begin(batch: BatchControl, endpoint: StoredEndpoint): Promise<Accepted<StoredEndpoint>> {
  const statusUrl = await batch.begin.putEndpoint({ endpoint: endpoint.name }, (operationUri) => {
    void batch.documents.endpoints.put(endpoint.name, { ...endpoint, operationUri });
  });
  const created = endpoint.provisioningState === 'Creating';
  return { stored: { ...endpoint, operationUri: statusUrl }, created, statusUrl };
}
