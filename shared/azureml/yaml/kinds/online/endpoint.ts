import { Reference, type Draft, type DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, integer, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { isArmId, named } from '../../references/ids.ts';

const AUTH_MODES = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken' } as const;
const IDENTITIES = {
  system_assigned: 'SystemAssigned',
  user_assigned: 'UserAssigned',
  none: 'None',
} as const;
const READ_ONLY = ['$schema', 'id', 'provisioning_state', 'scoring_uri', 'openapi_uri', 'kind'];

/** Percentages by deployment: the service knows deployments in small letters, and zero is the same as absent. */
const shares: Field<DraftMap> = mapped(mapOf(integer), (read) =>
  Object.fromEntries(
    Object.entries(read)
      .filter(([, percent]) => percent !== 0)
      .map(([name, percent]) => [name.toLowerCase(), percent]),
  ),
);

const traffic: Field<DraftMap> = mapped(shares, (read, node, scope) => {
  const sum = Object.values(read).reduce<number>((total, percent) => total + Number(percent), 0);
  return sum > 100
    ? scope.refuse(node.at, `The traffic adds up to ${sum} percent; at most 100 can be given out.`)
    : read;
});

const identity: Field<DraftMap> = mapped(
  record({
    type: required(oneOfSnake(['system_assigned', 'user_assigned', 'none'])),
    principal_id: text,
    tenant_id: text,
    user_assigned_identities: listOf(mapOf(text)),
  }),
  (read, node, scope) => {
    const users = read.user_assigned_identities ?? [];
    if (users.length > 1) scope.refuse(node.at, 'Only one user-assigned identity can be given.');
    const byId = Object.fromEntries(users.map((user) => [user['resource_id'] ?? '', {}]));
    return draft({
      type: read.type && IDENTITIES[read.type],
      userAssignedIdentities: users.length > 0 ? byId : undefined,
    });
  },
);

const compute: Field<Draft> = mapped(text, (name, node, scope) =>
  name.startsWith('azureml:') || isArmId(name)
    ? named(name, 'computes', node)
    : scope.refuse(node.at, `${scope.subject()} must be azureml:<compute> or an ARM id, not '${name}'.`),
);

export const ENDPOINT_NAME = /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** The name of an endpoint or deployment, in small letters as the service keeps it. */
export function onlineName(what: string): Field<string> {
  return mapped(text, (name, node, scope) => {
    if (ENDPOINT_NAME.test(name) && name.length >= 3 && name.length <= 32) return name.toLowerCase();
    return scope.refuse(
      node.at,
      `'${name}' cannot be the name of ${what}: it has 3 to 32 letters, digits and dashes, starts with a letter and does not end with a dash.`,
    );
  });
}

const shape = {
  name: required(onlineName('an endpoint')),
  description: text,
  tags: mapOf(everythingAsText),
  properties: mapOf(everythingAsText),
  auth_mode: oneOfSnake(['key', 'aml_token', 'aad_token']),
  identity,
  traffic,
  mirror_traffic: shares,
  location: text,
};

export interface EndpointReading {
  readonly name: string | undefined;
  readonly body: DraftMap;
}

/** An online endpoint's file as its request; the location is the workspace's. */
export function onlineEndpoint(
  node: YamlNode,
  scope: Scope,
  target: 'managed' | 'kubernetes',
): EndpointReading | undefined {
  const own = target === 'managed' ? { public_network_access: oneOf(['Enabled', 'Disabled']) } : { compute };
  const read = members(node, scope, { ...shape, ...own }, { ignored: READ_ONLY });
  if (!read) return undefined;
  const properties = draft({
    authMode: AUTH_MODES[read.auth_mode ?? 'key'],
    description: read.description,
    properties: read.properties ?? {},
    compute: read.compute,
    traffic: read.traffic ?? {},
    mirrorTraffic: read.mirror_traffic ?? {},
    publicNetworkAccess: read.public_network_access,
  });
  return {
    name: read.name,
    body: {
      location: new Reference({ kind: 'location' }, node.at),
      tags: read.tags ?? {},
      identity: read.identity ?? { type: 'SystemAssigned' },
      properties,
    },
  };
}
