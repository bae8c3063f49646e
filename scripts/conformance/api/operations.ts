import { published, type ApiVersion } from '../azuremlTypes.ts';
import type { Client, Reply } from '../kill/client.ts';

/** What the workspace says to an operation of the published API. */
export interface Operation {
  readonly resource: string;
  readonly name: string;
  readonly state: 'implemented' | 'refused on purpose' | 'missing';
  /** In the workspace's own words, of what is refused. */
  readonly reason?: string;
}

interface Asked {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

/** Operations that the published types do not list, by resource: method, what follows the item's path, and its name. */
const FURTHER: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  workspaces: [
    ['PATCH', '', 'update'],
    ['GET', '/outboundNetworkDependenciesEndpoints', 'outbound dependencies'],
    ['GET', '/usages', 'usages'],
  ],
  'workspaces/jobs': [
    ['PATCH', '', 'update'],
    ['POST', '/cancel', 'cancel'],
  ],
  'workspaces/computes': [
    ['PATCH', '', 'update'],
    ['POST', '/start', 'start'],
    ['POST', '/stop', 'stop'],
    ['POST', '/restart', 'restart'],
    ['POST', '/resize', 'resize'],
  ],
  'workspaces/onlineEndpoints': [
    ['PATCH', '', 'update'],
    ['POST', '/regenerateKeys', 'regenerateKeys'],
  ],
  'workspaces/onlineEndpoints/deployments': [
    ['PATCH', '', 'update'],
    ['GET', '/skus', 'skus'],
  ],
  'workspaces/batchEndpoints': [['PATCH', '', 'update']],
  'workspaces/batchEndpoints/deployments': [['PATCH', '', 'update']],
  'workspaces/schedules': [['POST', '/trigger', 'trigger']],
  'workspaces/models/versions': [['POST', '/package', 'package']],
};

/** Asks for every operation of every published resource, and tells from the answers which there are. */
export async function operations(client: Client, version: ApiVersion): Promise<readonly Operation[]> {
  const found: Operation[] = [];
  for (const { resource, functions } of published(version)) {
    for (const asked of operationsOf(client, resource, functions)) {
      const reply = await client.send(asked.method, `${asked.path}?api-version=${version}`, bodyFor(asked));
      found.push({ resource, name: asked.name, ...stateIn(reply) });
    }
  }
  return found;
}

function operationsOf(client: Client, resource: string, functions: readonly string[]): readonly Asked[] {
  const list = pathOf(client, resource);
  const [known, absent] = [`${list}/${nameOf(client, resource)}`, `${list}/absent`];
  return [
    { name: 'list', method: 'GET', path: list },
    { name: 'get', method: 'GET', path: known },
    { name: 'create or replace', method: 'PUT', path: known },
    // The workspace itself cannot be deleted; should that change, this asks for the end of a trial workspace.
    { name: 'delete', method: 'DELETE', path: resource === 'workspaces' ? known : absent },
    ...functions.map((name) => ({ name, method: 'POST', path: `${known}/${name}` })),
    ...(FURTHER[resource] ?? []).map(([method, rest, name]) => ({ name, method, path: `${known}${rest}` })),
  ];
}

/** The path of the resource's list, below items that exist where the workspace has such. */
function pathOf({ address }: Client, resource: string): string {
  const group = `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}`;
  const [top = '', ...rest] = resource.split('/');
  const root = `${group}/providers/Microsoft.MachineLearningServices/${top}`;
  if (rest.length === 0) return root;
  const above = top === 'workspaces' ? address.workspaceName : 'known';
  return `${root}/${above}/${rest.join('/known/')}`;
}

function nameOf({ address }: Client, resource: string): string {
  if (resource === 'workspaces') return address.workspaceName;
  return resource.endsWith('/versions') ? '1' : 'known';
}

/** A body that nothing takes, so that nothing is changed by asking. */
function bodyFor({ method }: Asked): unknown {
  return method === 'PUT' || method === 'PATCH' || method === 'POST' ? {} : undefined;
}

function stateIn({ status, json }: Reply): Pick<Operation, 'state' | 'reason'> {
  const message = String(json?.error?.message ?? '');
  if (status === 404 && message.includes('has no operation')) return { state: 'missing' };
  if (status >= 400 && /embedded workspace/i.test(message))
    return { state: 'refused on purpose', reason: message };
  return { state: 'implemented' };
}
