import type { Json } from './bodies.ts';

/** Something that is done to an item beside making, reading and deleting it. */
export interface Act {
  readonly name: string;
  readonly method: 'GET' | 'PATCH' | 'POST';
  /** What follows the item's path. */
  readonly rest: string;
  readonly body?: Json;
  /** Done to this item instead of a generated one. */
  readonly on?: { readonly at: string; readonly body: Json };
  /** Whether the item shows it afterwards. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer of the workspace
  readonly shows?: (item: any) => boolean;
}

const post = (name: string, body: Json = {}, on?: Act['on']): Act => ({
  name,
  method: 'POST',
  rest: `/${name}`,
  body,
  ...(on ? { on } : {}),
});

const read = (name: string, rest: string): Act => ({ name, method: 'GET', rest });

const TAGS = { tried: 'yes' };
const retag: Act = {
  name: 'update',
  method: 'PATCH',
  rest: '',
  body: { tags: TAGS },
  shows: ({ tags }) => tags?.tried === 'yes',
};

const endpoint = (authMode: string) => ({
  at: `onlineEndpoints/tried-${authMode.toLowerCase()}`,
  body: { location: 'local', properties: { authMode } },
});
const cluster = {
  at: 'computes/tried-cluster',
  body: {
    properties: {
      computeType: 'AmlCompute',
      properties: { vmSize: 'STANDARD_D2_V2', scaleSettings: { maxNodeCount: 1 } },
    },
  },
};
const instance = {
  at: 'computes/tried-instance',
  body: { properties: { computeType: 'ComputeInstance', properties: { vmSize: 'STANDARD_D2_V2' } } },
};

/** One that really runs; the generated ones fail where their image would be built. */
const served = {
  at: 'onlineEndpoints/known/deployments/served',
  body: {
    location: 'local',
    sku: { name: 'Default', capacity: 1 },
    properties: {
      endpointComputeType: 'Managed',
      instanceType: 'Standard_DS2_v2',
      environmentId: 'azureml:known:1',
      codeConfiguration: { codeId: 'azureml:served:1', scoringScript: 'score.py' },
    },
  },
};

/** By resource: the published functions with the bodies they need, and the operations that the published types do not list. */
const acts: Readonly<Record<string, readonly Act[]>> = {
  registries: [retag],
  'workspaces/connections': [
    {
      name: 'update',
      method: 'PATCH',
      rest: '',
      body: { properties: { metadata: TAGS } },
      shows: ({ properties }) => properties.metadata.tried === 'yes',
    },
    post('listsecrets'),
  ],
  workspaces: [
    { ...retag, body: { ...retag.body, properties: { description: 'tried' } } },
    read('outbound dependencies', '/outboundNetworkDependenciesEndpoints'),
    read('usages', '/usages'),
    post('resyncKeys'),
  ],
  'workspaces/jobs': [
    {
      ...retag,
      body: { properties: { tags: TAGS } },
      shows: ({ properties }) => properties.tags.tried === 'yes',
    },
    { ...post('cancel'), shows: ({ properties }) => properties.status === 'Canceled' },
  ],
  'workspaces/computes': [
    {
      name: 'update',
      method: 'PATCH',
      rest: '',
      on: cluster,
      body: { properties: { properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 3 } } } },
      shows: ({ properties }) => properties.properties.scaleSettings.maxNodeCount === 3,
    },
    post('listNodes', {}, cluster),
    { ...post('stop', {}, instance), shows: ({ properties }) => properties.properties.state === 'Stopped' },
    { ...post('start', {}, instance), shows: ({ properties }) => properties.properties.state === 'Running' },
    post('restart', {}, instance),
    {
      ...post('resize', { targetVMSize: 'STANDARD_D4_V2' }, instance),
      shows: ({ properties }) => properties.properties.vmSize === 'STANDARD_D4_V2',
    },
  ],
  'workspaces/onlineEndpoints': [
    retag,
    post('listKeys', {}, endpoint('Key')),
    post('regenerateKeys', { keyType: 'Primary' }, endpoint('Key')),
    post('token', {}, endpoint('AMLToken')),
  ],
  'workspaces/onlineEndpoints/deployments': [
    { ...retag, on: served },
    { ...read('skus', '/skus'), on: served },
    post('getLogs', { containerType: 'InferenceServer', tail: 10 }, served),
  ],
  'workspaces/batchEndpoints': [
    retag,
    post(
      'listkeys',
      {},
      { at: 'batchEndpoints/tried-key', body: { location: 'local', properties: { authMode: 'Key' } } },
    ),
  ],
  'workspaces/batchEndpoints/deployments': [retag],
  'workspaces/schedules': [post('trigger')],
  'workspaces/models/versions': [post('package'), post('startPendingUpload')],
  'workspaces/data/versions': [post('startPendingUpload')],
};

/** Everything that can be done to items of a resource: functions without an entry of their own need no body. */
export function actsOf(resource: string, functions: readonly string[]): readonly Act[] {
  const own = acts[resource] ?? [];
  const others = functions.filter((name) => !own.some((act) => act.name === name));
  return [...own, ...others.map((name) => post(name))];
}
