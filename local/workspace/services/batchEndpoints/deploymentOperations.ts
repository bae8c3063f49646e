import type { Caller } from '../../context.ts';
import { batchEndpointsDeploymentsBody } from '../../rules/batchEndpoints.ts';
import { checkShape } from '../../rules/shape.ts';
import type { Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { deploymentKey, isBusy } from '../onlineEndpoints/documents.ts';
import { operationRunning, type Accepted } from '../onlineEndpoints/endpointOperations.ts';
import { checkName } from '../onlineEndpoints/names.ts';
import { findDeployment, findEndpoint, type BatchControl, type OneDeployment } from './batch.ts';
import { checkDefinition } from './checkDefinition.ts';
import type { StoredDeployment } from './documents.ts';
import { refuseWhileBusy } from './endpointOperations.ts';
import { parseDeployment, parseDeploymentPatch } from './parseDeployment.ts';

/** Creates or updates a deployment. References are followed before anything is accepted. */
export async function putDeployment(
  batch: BatchControl,
  names: OneDeployment,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredDeployment>> {
  checkName('deployment', names.deployment);
  const endpoint = findEndpoint(batch, names.endpoint);
  checkShape(batchEndpointsDeploymentsBody, body);
  const request = parseDeployment(body);
  refuseWhileBusy(endpoint);
  const current = batch.documents.deployments.get(deploymentKey(names.endpoint, names.deployment));
  if (current) refuseBusy(current);
  checkDefinition(request.definition, batch.places);
  if (current && isPipeline(current.definition) !== isPipeline(request.definition))
    throw userError(
      'A deployment of a model cannot be made one of a pipeline component, or the other way around.',
    );
  return begin(batch, {
    ...request,
    ...stamp(batch.context.clock, caller, current),
    name: names.deployment,
    endpoint: names.endpoint,
    ...(current?.step ? { step: current.step } : {}),
    provisioningState: current ? 'Updating' : 'Creating',
  });
}

/** Changes tags and the description. */
export async function patchDeployment(
  batch: BatchControl,
  names: OneDeployment,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredDeployment>> {
  const current = findDeployment(batch, names.endpoint, names.deployment);
  refuseWhileBusy(findEndpoint(batch, names.endpoint));
  refuseBusy(current);
  const { tags, description } = parseDeploymentPatch(body);
  return begin(batch, {
    ...current,
    ...stamp(batch.context.clock, caller, current),
    ...(tags ? { tags } : {}),
    definition: { ...current.definition, ...(description === undefined ? {} : { description }) },
    provisioningState: 'Updating',
  });
}

/** Deletes a deployment that is not the default of its endpoint; jobs it made stay. */
export async function deleteDeployment(
  batch: BatchControl,
  { endpoint, deployment }: OneDeployment,
): Promise<string> {
  const current = findDeployment(batch, endpoint, deployment);
  const { defaultDeployment, ...stored } = findEndpoint(batch, endpoint);
  refuseWhileBusy(stored);
  refuseBusy(current);
  if (defaultDeployment === deployment) {
    throw userError(
      `The deployment '${deployment}' cannot be deleted: it is the default deployment of the endpoint '${endpoint}'. ` +
        'Make another deployment the default first, or delete the endpoint.',
    );
  }
  return batch.begin.deleteDeployment({ endpoint, deployment }, (operationUri) => {
    void batch.documents.deployments.put(deploymentKey(endpoint, deployment), {
      ...current,
      provisioningState: 'Deleting',
      operationUri,
    });
  });
}

/** Whether a deployment runs a pipeline instead of a model. */
export function isPipeline(definition: Json): boolean {
  return definition['deploymentConfiguration'] !== undefined;
}

function refuseBusy({ name, endpoint, provisioningState }: StoredDeployment): void {
  if (isBusy(provisioningState)) throw operationRunning(`the deployment '${name}' of endpoint '${endpoint}'`);
}

async function begin(batch: BatchControl, deployment: StoredDeployment): Promise<Accepted<StoredDeployment>> {
  const { endpoint, name } = deployment;
  const statusUrl = await batch.begin.putDeployment({ endpoint, deployment: name }, (operationUri) => {
    void batch.documents.deployments.put(deploymentKey(endpoint, name), { ...deployment, operationUri });
  });
  const created = deployment.provisioningState === 'Creating';
  return { stored: { ...deployment, operationUri: statusUrl }, created, statusUrl };
}
