import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { boolean, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, members, record } from '../../fields/collections.ts';
import { mapped, optional, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';

interface OutboundRule {
  readonly name: string;
  readonly body: DraftMap;
}

const serviceTag = record({
  service_tag: required(text),
  protocol: required(text),
  port_ranges: required(text),
  address_prefixes: listOf(text),
});
const privateEndpoint = record({
  service_resource_id: required(text),
  subresource_target: required(text),
  spark_enabled: required(boolean),
});

/** What traffic may leave by: told by the destination where `type` is left out. */
const rule: Field<OutboundRule> = {
  expected: 'a mapping with name, type and destination',
  read(node, scope) {
    if (node.kind !== 'map') return scope.unexpected(node, this.expected);
    const words = oneOf(['fqdn', 'service_tag', 'private_endpoint'], { exactCase: true });
    const given = members(node, scope, { type: words }, { open: true });
    const type = given?.type ?? typeOfDestination(node);
    if (type === 'fqdn') return fqdnRule(node, scope);
    return type === 'service_tag' ? serviceTagRule(node, scope) : privateEndpointRule(node, scope);
  },
};

function typeOfDestination(node: YamlMap): string {
  const destination = node.entries.get('destination')?.value;
  if (destination?.kind !== 'map') return 'fqdn';
  return destination.entries.has('service_tag') ? 'service_tag' : 'private_endpoint';
}

function ruleOf(
  name: string | undefined,
  type: string,
  own: Readonly<Record<string, Draft | undefined>>,
): OutboundRule {
  return { name: name ?? '', body: draft({ type, category: 'UserDefined', ...own }) };
}

function fqdnRule(node: YamlMap, scope: Scope): OutboundRule | undefined {
  const shape = { name: required(text), destination: required(text) };
  const read = members(node, scope, shape, { open: true });
  return read && ruleOf(read.name, 'FQDN', { destination: read.destination });
}

function serviceTagRule(node: YamlMap, scope: Scope): OutboundRule | undefined {
  const shape = { name: required(text), destination: required(serviceTag) };
  const read = members(node, scope, shape, { open: true });
  const to = read?.destination;
  const destination =
    to &&
    draft({
      serviceTag: to.service_tag,
      protocol: to.protocol,
      portRanges: to.port_ranges,
      addressPrefixes: to.address_prefixes,
    });
  return read && ruleOf(read.name, 'ServiceTag', { destination });
}

function privateEndpointRule(node: YamlMap, scope: Scope): OutboundRule | undefined {
  const shape = { name: required(text), destination: required(privateEndpoint), fqdns: listOf(text) };
  const read = members(node, scope, shape, { open: true });
  const to = read?.destination;
  const destination =
    to &&
    draft({
      serviceResourceId: to.service_resource_id,
      subresourceTarget: to.subresource_target,
      sparkEnabled: to.spark_enabled,
    });
  return read && ruleOf(read.name, 'PrivateEndpoint', { destination, fqdns: read.fqdns });
}

const MODES = {
  disabled: 'Disabled',
  allow_internet_outbound: 'AllowInternetOutbound',
  allow_only_approved_outbound: 'AllowOnlyApprovedOutbound',
} as const;
const SKUS = { standard: 'Standard', basic: 'Basic' } as const;
const shape = {
  isolation_mode: required(
    oneOfSnake(['disabled', 'allow_internet_outbound', 'allow_only_approved_outbound']),
  ),
  outbound_rules: optional(listOf(rule)),
  firewall_sku: oneOfSnake(['standard', 'basic']),
};

/** The network that the service keeps around a workspace. */
export const managedNetwork: Field<DraftMap> = mapped(record(shape, { open: true }), (read) =>
  draft({
    isolationMode: read.isolation_mode && MODES[read.isolation_mode],
    firewallSku: SKUS[read.firewall_sku ?? 'standard'],
    outboundRules: Object.fromEntries((read.outbound_rules ?? []).map(({ name, body }) => [name, body])),
  }),
);

const acls = record({
  default_action: required(oneOf(['Allow', 'Deny'], { exactCase: true })),
  ip_rules: optional(listOf(record({ value: required(text) }))),
});

/** Who may reach the workspace; checked here, since the reference client sends it only with a change. */
export const networkAcls: Field<true> = mapped(acls, (read, node, scope) => {
  if (read.default_action === 'Deny' && !read.ip_rules?.length)
    return scope.refuse(node.at, `${scope.subject()} needs 'ip_rules' where 'default_action' is Deny.`);
  return true;
});
