import { Reference, type Draft, type DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { text } from '../../fields/basic.ts';
import { mapOf, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { isArmId } from '../../references/ids.ts';
import type { Reading } from '../family.ts';

export const DEFAULT_SIZE = 'STANDARD_DS3_V2';

/** What only the service sets. */
export const COMPUTE_IGNORED = ['$schema', 'id', 'provisioning_errors', 'created_on', 'provisioning_state'];
export const computeShape = {
  name: required(text),
  type: required(text),
  location: text,
  description: text,
  resource_id: text,
  tags: mapOf(text),
};

interface Common {
  readonly name: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly identity?: DraftMap | undefined;
}

/** A compute as it is PUT; only clusters have a region of their own. */
export function computeResource(
  node: YamlMap,
  read: Common,
  { properties, location }: { properties: DraftMap; location?: string | undefined },
): Reading {
  const body = draft({
    location: location ?? workspaceLocation(node),
    identity: read.identity,
    tags: read.tags,
    properties,
  });
  return { name: read.name, body };
}

export function workspaceLocation(node: YamlMap): Reference {
  return new Reference({ kind: 'location' }, node.at);
}

/** Tells that a region in the file is not used: the compute gets the one of the workspace. */
export function warnOfLocation(node: YamlMap, scope: Scope): void {
  const entry = node.entries.get('location');
  if (entry)
    scope.warn(
      entry.key.at,
      "'location' is not used for this type of compute; it is where the workspace is.",
    );
}

/** The subnet a compute is in: a full id, or the names of network and subnet in the workspace's resource group. */
export const networkSettings: Field<Draft> = mapped(
  record({ vnet_name: text, subnet: text }, { ignored: ['public_ip_address', 'private_ip_address'] }),
  ({ vnet_name: network, subnet }, node, scope) => {
    if (network && !subnet)
      return scope.refuse(node.at, `${scope.subject()} needs 'subnet' beside 'vnet_name'.`);
    if (!subnet) return undefined;
    if (isArmId(subnet)) return { id: subnet };
    if (!network) {
      return scope.refuse(node.at, `${scope.subject()} needs 'vnet_name', or the full id of the subnet.`);
    }
    const path = `Microsoft.Network/virtualNetworks/${network}/subnets/${subnet}`;
    return { id: new Reference({ kind: 'inGroup', path }, node.at) };
  },
);
