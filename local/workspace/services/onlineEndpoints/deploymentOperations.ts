import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Caller } from '../../context.ts';
import type { Json } from '../../server/bodies.ts';
import { onlineEndpointsDeploymentsBody } from '../../rules/onlineEndpoints.ts';
import { checkShape } from '../../rules/shape.ts';
import { failure, notFound, userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import {
  deploymentKey,
  isBusy,
  type StoredDeployment,
  type StoredEndpoint,
  type StoredRevision,
} from './documents.ts';
import { findEndpoint, operationRunning, type Accepted } from './endpointOperations.ts';
import { checkKubernetesNames, checkName } from './names.ts';
import type { Online } from './online.ts';
import {
  parseDeployment,
  parseDeploymentPatch,
  type DeploymentProperties,
  type DeploymentRequest,
} from './parseDeployment.ts';
import { provision, scale } from './provision.ts';
import { checkDeploymentQuota } from './quota.ts';
import { resolvePlan } from './resolve.ts';

export function findDeployment(online: Online, endpoint: string, name: string): StoredDeployment {
  findEndpoint(online, endpoint);
  const deployment = online.documents.deployments.get(deploymentKey(endpoint, name));
  if (!deployment) throw notFound(`The deployment '${name}' of endpoint '${endpoint}'`);
  return deployment;
}

/** Creates or updates a deployment. References are followed before anything is accepted. */
export async function putDeployment(
  online: Online,
  names: { readonly endpoint: string; readonly deployment: string },
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredDeployment>> {
  checkName('deployment', names.deployment);
  const endpoint = findEndpoint(online, names.endpoint);
  const request = parseDeployment(body);
  checkShape(onlineEndpointsDeploymentsBody, body);
  const current = online.documents.deployments.get(deploymentKey(names.endpoint, names.deployment));
  checkState(endpoint, current);
  checkKind(endpoint, names.deployment, request.properties);
  checkDeploymentQuota(names, request, online.documents, online.settings());
  const wanted = wantedRevision(current, request);
  checkReferences(() =>
    resolvePlan(
      { endpoint: names.endpoint, name: names.deployment },
      wanted,
      online.places,
      request.capacity,
    ),
  );
  return begin(online, {
    ...stamp(online.context.clock, caller, current),
    name: names.deployment,
    endpoint: names.endpoint,
    location: request.location,
    tags: request.tags,
    ...(request.kind === undefined ? {} : { kind: request.kind }),
    ...(request.identity ? { identity: request.identity } : {}),
    sku: request.sku,
    properties: request.dictionary,
    wanted,
    ...(current?.serving ? { serving: current.serving } : {}),
    provisioningState: current ? 'Updating' : 'Creating',
  });
}

/** Changes tags and the number of instances. */
export async function patchDeployment(
  online: Online,
  names: { readonly endpoint: string; readonly deployment: string },
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredDeployment>> {
  const current = findDeployment(online, names.endpoint, names.deployment);
  checkState(findEndpoint(online, names.endpoint), current);
  const patch = parseDeploymentPatch(body);
  const capacity = patch.capacity ?? current.wanted.capacity;
  // Stored as it was parsed.
  const properties = current.wanted.properties as DeploymentProperties;
  checkDeploymentQuota(names, { properties, capacity }, online.documents, online.settings());
  return begin(online, {
    ...current,
    ...stamp(online.context.clock, caller, current),
    ...(patch.tags ? { tags: patch.tags } : {}),
    sku: { ...current.sku, ...patch.sku },
    wanted: { ...current.wanted, capacity },
    provisioningState: capacity === current.wanted.capacity ? 'Updating' : 'Scaling',
  });
}

/** Deletes a deployment that takes no live traffic. */
export async function deleteDeployment(online: Online, endpoint: string, name: string): Promise<string> {
  const current = findDeployment(online, endpoint, name);
  const { traffic, mirrorTraffic, provisioningState } = findEndpoint(online, endpoint);
  if (isBusy(provisioningState)) throw operationRunning(`the endpoint '${endpoint}'`);
  if (isBusy(current.provisioningState))
    throw operationRunning(`the deployment '${name}' of endpoint '${endpoint}'`);
  const share = (traffic[name] ?? 0) > 0 ? traffic[name] : mirrorTraffic[name];
  if (share) {
    throw userError(
      `The deployment '${name}' cannot be deleted: it gets ${share} percent of the endpoint's traffic. ` +
        'Set its traffic to 0 first.',
    );
  }
  return online.begin.deleteDeployment(
    { endpoint, deployment: name },
    (operationUri) =>
      void online.documents.deployments.put(deploymentKey(endpoint, name), {
        ...current,
        provisioningState: 'Deleting',
        operationUri,
      }),
  );
}

function checkState(endpoint: StoredEndpoint, current: StoredDeployment | undefined): void {
  if (isBusy(endpoint.provisioningState)) throw operationRunning(`the endpoint '${endpoint.name}'`);
  if (!current) return;
  if (isBusy(current.provisioningState))
    throw operationRunning(`the deployment '${current.name}' of endpoint '${endpoint.name}'`);
  if (current.provisioningState !== 'Failed' || current.serving) return;
  throw failure(
    400,
    'BadArgument',
    `Specified deployment [${current.name}] failed during initial provisioning and is in an unrecoverable state. Delete and re-create.`,
  );
}

function checkKind(endpoint: StoredEndpoint, name: string, properties: DeploymentProperties): void {
  const kind = endpoint.compute === undefined ? 'Managed' : 'Kubernetes';
  if (properties.endpointComputeType !== kind) {
    throw userError(
      `The endpoint '${endpoint.name}' takes ${kind} deployments, but endpointComputeType is ${properties.endpointComputeType}.`,
    );
  }
  if (kind === 'Kubernetes') checkKubernetesNames(endpoint.name, name);
}

/** What does not exist is refused at once; what cannot be made on this machine comes out while it is made, as on Azure. */
function checkReferences(resolve: () => unknown): void {
  try {
    resolve();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== 'unsupported') throw failure(400, error.reply?.code ?? 'UserError', error.message);
  }
}

/** The same definition keeps its processes; only another one needs new ones. */
function wantedRevision(current: StoredDeployment | undefined, request: DeploymentRequest): StoredRevision {
  const { capacity } = request;
  const properties = plain(request.properties);
  const serving = current?.serving;
  const isSame = serving && isDeepStrictEqual(undescribed(serving.properties), undescribed(properties));
  return { id: isSame ? serving.id : `r${Date.now().toString(36)}`, properties, capacity };
}

/** The description is for people: processes do not know it. */
function undescribed(properties: Json): Json {
  return { ...properties, description: undefined };
}

/** As it comes back from the store. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

async function begin(online: Online, deployment: StoredDeployment): Promise<Accepted<StoredDeployment>> {
  const { endpoint, name } = deployment;
  const { deployments } = online.documents;
  const statusUrl = await online.begin.putDeployment(
    { endpoint, deployment: name },
    (operationUri) => void deployments.put(deploymentKey(endpoint, name), { ...deployment, operationUri }),
  );
  const created = deployment.provisioningState === 'Creating';
  return { stored: { ...deployment, operationUri: statusUrl }, created, statusUrl };
}

/** Does what is wanted with as little as possible: nothing, other instances, or a new revision. */
export async function carryOut(online: Online, deployment: StoredDeployment): Promise<void> {
  const isSame = deployment.serving?.id === deployment.wanted.id;
  return isSame ? scale(online, deployment) : provision(online, deployment);
}
