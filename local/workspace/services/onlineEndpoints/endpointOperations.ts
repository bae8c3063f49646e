import { randomBytes } from 'node:crypto';
import type { Caller } from '../../context.ts';
import type { Json } from '../../server/bodies.ts';
import { onlineEndpointsBody } from '../../rules/onlineEndpoints.ts';
import { checkShape } from '../../rules/shape.ts';
import { conflict, notFound, userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { deploymentsOf, isBusy, type StoredEndpoint } from './documents.ts';
import { checkName } from './names.ts';
import type { Online } from './online.ts';
import { parseEndpoint, parseEndpointPatch, type EndpointRequest } from './parseEndpoint.ts';
import { dismantle } from './provision.ts';
import { checkNewEndpoint } from './quota.ts';
import { checkMirrorTraffic, checkTraffic } from './traffic.ts';

/** An accepted change: the resource as it is now, and where the rest of the work can be followed. */
export interface Accepted<T> {
  readonly stored: T;
  readonly created: boolean;
  readonly statusUrl: string;
}

export function findEndpoint(online: Online, name: string): StoredEndpoint {
  const endpoint = online.documents.endpoints.get(name);
  if (!endpoint) throw notFound(`The online endpoint '${name}'`);
  return endpoint;
}

/** Creates or replaces an endpoint. */
export async function putEndpoint(
  online: Online,
  name: string,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredEndpoint>> {
  checkName('endpoint', name);
  const request = parseEndpoint(body);
  checkShape(onlineEndpointsBody, body);
  const current = online.documents.endpoints.get(name);
  if (current) refuseWhileBusy(current);
  checkCompute(online, request.compute);
  if (current) checkUnchanged(current, request);
  else checkNewEndpoint(name, online.documents, online.settings());
  checkShares(online, name, request, current === undefined);
  return begin(online, {
    ...request,
    ...stamp(online.context.clock, caller, current),
    name,
    keys: current?.keys ?? { primary: newKey(), secondary: newKey(), ...request.keys },
    provisioningState: current ? 'Updating' : 'Creating',
  });
}

/** Changes tags and identity. */
export async function patchEndpoint(
  online: Online,
  name: string,
  body: Json,
  caller: Caller,
): Promise<Accepted<StoredEndpoint>> {
  const current = findEndpoint(online, name);
  refuseWhileBusy(current);
  const patch = parseEndpointPatch(body);
  return begin(online, {
    ...current,
    ...stamp(online.context.clock, caller, current),
    ...patch,
    provisioningState: 'Updating',
  });
}

/** Deletes an endpoint with all of its deployments. */
export async function deleteEndpoint(online: Online, name: string): Promise<string> {
  const current = findEndpoint(online, name);
  refuseWhileBusy(current);
  const busy = deploymentsOf(online.documents, name).find((deployment) =>
    isBusy(deployment.provisioningState),
  );
  if (busy) throw operationRunning(`the deployment '${busy.name}' of endpoint '${name}'`);
  return online.begin.deleteEndpoint(
    { endpoint: name },
    (operationUri) =>
      void online.documents.endpoints.put(name, { ...current, provisioningState: 'Deleting', operationUri }),
  );
}

/** Changes some members of an endpoint that may be gone by now. */
export async function changeEndpoint(
  online: Online,
  name: string,
  part: Partial<StoredEndpoint>,
): Promise<void> {
  await online.documents.endpoints.update(name, (current) => current && { ...current, ...part });
}

export async function removeEndpoint(online: Online, name: string): Promise<void> {
  await Promise.all(
    deploymentsOf(online.documents, name).map((deployment) => dismantle(online, name, deployment.name)),
  );
  await online.documents.endpoints.delete(name);
}

/** Azure runs one operation on a resource at a time. */
export function operationRunning(what: string): Error {
  return conflict(
    `There is already an operation in progress on ${what}. Wait for it to end, then try again.`,
  );
}

export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

function refuseWhileBusy(endpoint: StoredEndpoint): void {
  if (isBusy(endpoint.provisioningState)) throw operationRunning(`the endpoint '${endpoint.name}'`);
}

async function begin(online: Online, endpoint: StoredEndpoint): Promise<Accepted<StoredEndpoint>> {
  const statusUrl = await online.begin.putEndpoint(
    { endpoint: endpoint.name },
    (operationUri) => void online.documents.endpoints.put(endpoint.name, { ...endpoint, operationUri }),
  );
  return {
    stored: { ...endpoint, operationUri: statusUrl },
    created: endpoint.provisioningState === 'Creating',
    statusUrl,
  };
}

function checkCompute(online: Online, compute: string | undefined): void {
  if (compute === undefined) return;
  const name = /\/computes\/([^/]+)$/i.exec(compute)?.[1];
  if (name === undefined)
    throw userError(`The compute '${compute}' is not the ARM id of a compute of this workspace.`);
  if (!online.hasKubernetesCompute(name)) {
    throw userError(`The compute '${name}' was not found as a Kubernetes compute of this workspace.`, 404);
  }
}

/** How callers sign in, the identity and the compute are decided at creation. */
function checkUnchanged(current: StoredEndpoint, request: EndpointRequest): void {
  const identityType = (identity: Json | undefined) => identity?.['type'];
  const changed = [
    current.authMode !== request.authMode && 'authMode',
    request.identity &&
      current.identity &&
      identityType(current.identity) !== identityType(request.identity) &&
      'identity.type',
    current.compute?.toLowerCase() !== request.compute?.toLowerCase() && 'compute',
  ].filter(Boolean);
  if (changed.length > 0)
    throw userError(`${changed.join(' and ')} of an existing endpoint cannot be changed.`);
}

function checkShares(
  online: Online,
  name: string,
  { traffic, mirrorTraffic }: EndpointRequest,
  isNew: boolean,
): void {
  const named = Object.keys({ ...traffic, ...mirrorTraffic });
  if (isNew && named.length > 0) {
    throw userError(
      `Traffic cannot be set when an endpoint is created: it has no deployment '${named.join("', '")}' yet.`,
    );
  }
  const existing = new Set(
    deploymentsOf(online.documents, name)
      .filter(({ provisioningState, serving }) => provisioningState !== 'Deleting' && serving !== undefined)
      .map((deployment) => deployment.name),
  );
  checkTraffic(traffic, existing);
  checkMirrorTraffic(mirrorTraffic, traffic, existing);
}
