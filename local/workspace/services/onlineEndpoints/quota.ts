import { deploymentKey, deploymentsOf, type OnlineDocuments, type StoredDeployment } from './documents.ts';
import type { DeploymentRequest } from './parseDeployment.ts';
import { InferenceRefusal } from './refusals.ts';
import type { OnlineSettings } from './settings.ts';
import { coresOf, reservedCores } from './vmSizes.ts';

const MOST_ENDPOINTS = 100;
const MOST_DEPLOYMENTS_PER_ENDPOINT = 20;

/** Refuses a new endpoint whose name somebody in the region has, or one too many. */
export function checkNewEndpoint(name: string, documents: OnlineDocuments, settings: OnlineSettings): void {
  if (settings.takenNames.some((taken) => taken.toLowerCase() === name)) {
    throw new InferenceRefusal({
      part: 'Call',
      member: '',
      message: `There is already an endpoint with the name '${name}'. An endpoint's name must be unique within a region; choose another name.`,
    });
  }
  const used = documents.endpoints.count();
  if (used >= MOST_ENDPOINTS) throw tooMany('Endpoint', used, MOST_ENDPOINTS);
}

/** Refuses machines this workspace does not know, and more cores than the subscription has. */
export function checkDeploymentQuota(
  key: { readonly endpoint: string; readonly deployment: string },
  request: Pick<DeploymentRequest, 'properties' | 'capacity'>,
  documents: OnlineDocuments,
  settings: OnlineSettings,
): void {
  const siblings = deploymentsOf(documents, key.endpoint).filter(
    (deployment) => deployment.name !== key.deployment,
  );
  if (siblings.length >= MOST_DEPLOYMENTS_PER_ENDPOINT) {
    throw tooMany('Deployment', siblings.length, MOST_DEPLOYMENTS_PER_ENDPOINT);
  }
  const { instanceType } = request.properties;
  if (instanceType === undefined) return;
  const cores = coresOf(instanceType);
  if (cores === undefined) throw unknownSize(instanceType);
  if (settings.coreLimit === undefined) return;
  const needed = reservedCores(cores, request.capacity);
  const used = usedCores(documents, deploymentKey(key.endpoint, key.deployment));
  if (used + needed > settings.coreLimit)
    throw outOfQuota(instanceType, { used, limit: settings.coreLimit, needed });
}

/** Cores reserved by all managed deployments but one. */
function usedCores(documents: OnlineDocuments, except: string): number {
  let used = 0;
  for (const [key, deployment] of documents.deployments.list())
    if (key !== except) used += coresHeldBy(deployment);
  return used;
}

function coresHeldBy({ wanted, provisioningState, serving }: StoredDeployment): number {
  const { instanceType } = wanted.properties;
  const failed = provisioningState === 'Failed' && !serving;
  if (failed || typeof instanceType !== 'string') return 0;
  return reservedCores(coresOf(instanceType) ?? 0, wanted.capacity);
}

function outOfQuota(
  instanceType: string,
  cores: { used: number; limit: number; needed: number },
): InferenceRefusal {
  return new InferenceRefusal({
    part: 'CreateDeployment',
    member: 'VmSize',
    code: 'OutOfQuota',
    message:
      `Not enough quota available for ${instanceType}. Current usage/limit: ${cores.used}/${cores.limit}. ` +
      `Additional needed: ${cores.needed}. See https://aka.ms/oe-tsg#error-outofquota`,
  });
}

function unknownSize(instanceType: string): InferenceRefusal {
  return new InferenceRefusal({
    part: 'CreateDeployment',
    member: 'VmSize',
    code: 'BadArgument',
    message: `The instance type '${instanceType}' is not a machine size for online deployments.`,
  });
}

function tooMany(what: string, used: number, limit: number): InferenceRefusal {
  return new InferenceRefusal({
    part: 'Call',
    member: '',
    code: 'OutOfQuota',
    message: `${what} quota is used up. Current usage/limit: ${used}/${limit}. Delete what is no longer needed.`,
  });
}
