import { getPath } from 'hono/utils/url';
import type { WorkspaceContext, WorkspaceIdentity } from '../context.ts';

/** The route of the workspace itself; every ARM route of a service starts with it. */
export const workspacePath =
  '/subscriptions/:subscriptionId/resourceGroups/:resourceGroupName/providers/Microsoft.MachineLearningServices/workspaces/:workspaceName';

/** The route of a registry; its assets' routes start with it. */
export const registryPath =
  '/subscriptions/:subscriptionId/resourceGroups/:resourceGroupName/providers/Microsoft.MachineLearningServices/registries/:registryName';

/** Registries answer below this prefix too, with the paths that Resource Manager knows them by. */
const REGISTRY_PLANE = '/mferp/managementfrontend';

/** The route of the workspace below a data-plane prefix such as `/history/v1.0`. */
export function dataPlanePath(prefix: string): `${string}${typeof workspacePath}` {
  return `${prefix}${workspacePath}`;
}

const SCOPE_WORDS = [
  'subscriptions',
  'resourceGroups',
  'providers',
  'Microsoft.MachineLearningServices',
  'Microsoft.EventGrid',
  'workspaces',
];

/** ARM compares path words without case; routes are written with these spellings. */
const WORDS = [
  'batchEndpoints',
  'capabilityHosts',
  'cancel',
  'codes',
  'components',
  'computes',
  'connections',
  'data',
  'datareferences',
  'datarefs',
  'datastores',
  'deployments',
  'diagnose',
  'enableSso',
  'environments',
  'eventSubscriptions',
  'featuresets',
  'featurestoreEntities',
  'features',
  'getDeliveryAttributes',
  'getFullUrl',
  'getLogs',
  'import',
  'jobs',
  'labels',
  'locations',
  'listKeys',
  'listNodes',
  'listSecrets',
  'mfeOperationResults',
  'mfeOperationsStatus',
  'marketplaceSubscriptions',
  'models',
  'onlineEndpoints',
  'outboundRules',
  'package',
  'quotas',
  'raiBlocklists',
  'raiPolicies',
  'privateEndpointConnections',
  'privateLinkResources',
  'provisionManagedNetwork',
  'regenerateKeys',
  'registries',
  'removeRegions',
  'resize',
  'restart',
  'resyncKeys',
  'schedules',
  'serverlessEndpoints',
  'skus',
  'start',
  'startPendingUpload',
  'stop',
  'tempdatarefs',
  'token',
  'trigger',
  'updateQuotas',
  'usages',
  'versions',
  'vmSizes',
];
const spellingOf = new Map([...SCOPE_WORDS, ...WORDS].map((word) => [word.toLowerCase(), word]));

/** Whether a URL lies below the registries' own prefix, not below Resource Manager. */
export function isRegistryPlane(url: string): boolean {
  return new URL(url).pathname.toLowerCase().startsWith(`${REGISTRY_PLANE}/`);
}

/** Hono's path of a request, with ARM words and the names of this workspace spelled as the routes and ids spell them. */
export function canonicalPathOf({
  identity,
  urls,
}: Pick<WorkspaceContext, 'identity' | 'urls'>): (request: Request) => string {
  const own = urls.own.slice(urls.api.length);
  return (request) => {
    const path = getPath(request);
    return canonicalPath(isBelow(path, own) ? path.slice(own.length) : path, identity);
  };
}

function isBelow(path: string, own: string): boolean {
  return own !== '' && path.slice(0, own.length + 1).toLowerCase() === `${own}/`.toLowerCase();
}

/** Exported for its tests. */
export function canonicalPath(sent: string, identity: WorkspaceIdentity): string {
  // Clients put a scope, which begins with a slash, behind one of their own.
  const asked = sent.replace(/^\/+/, '/');
  const isPlane = asked.toLowerCase().startsWith(`${REGISTRY_PLANE}/subscriptions/`);
  const path = isPlane ? asked.slice(REGISTRY_PLANE.length) : asked;
  const start = path.toLowerCase().indexOf('/subscriptions/');
  if (start < 0) return path;
  const isArm = start === 0;
  const segments = path.slice(start + 1).split('/');
  const spelled = segments.map((segment, index) => {
    if (index === 1) return sameOr(segment, identity.subscriptionId);
    if (index === 3 && isWord(segments[2], 'resourceGroups')) return sameOr(segment, identity.resourceGroup);
    if (index === 7 && isWord(segments[6], 'workspaces')) return sameOr(segment, identity.workspaceName);
    // Words and names take turns; the provider's name stands at an odd place.
    const isWordPlace = index % 2 === 0 || index === 5 || isWord(segments[index - 1], 'providers');
    return isWordPlace && (isArm || index < 8) ? (spellingOf.get(segment.toLowerCase()) ?? segment) : segment;
  });
  return `${path.slice(0, start)}/${spelled.join('/')}`;
}

function isWord(segment: string | undefined, word: string): boolean {
  return segment?.toLowerCase() === word.toLowerCase();
}

function sameOr(segment: string, known: string): string {
  return segment.toLowerCase() === known.toLowerCase() ? known : segment;
}
