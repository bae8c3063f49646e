import type { Draft, DraftMap } from '../../compilation.ts';
import { draft, seconds } from '../../draft.ts';
import { boolean, integer, oneOf, text } from '../../fields/basic.ts';
import { members, record, type Members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { secret } from '../../fields/secret.ts';
import type { KindReader } from '../family.ts';
import { COMPUTE_IGNORED, computeResource, computeShape, DEFAULT_SIZE, networkSettings } from './base.ts';
import { computeIdentity } from './identity.ts';

const PRIORITIES = { low_priority: 'LowPriority', dedicated: 'Dedicated' } as const;

const sshSettings: Field<DraftMap> = mapped(
  record({ admin_username: required(text), admin_password: secret, ssh_key_value: text }),
  (read) =>
    draft({
      adminUserName: read.admin_username,
      adminUserPassword: read.admin_password,
      adminUserSshPublicKey: read.ssh_key_value,
    }),
);

const shape = {
  ...computeShape,
  size: text,
  tier: oneOf(['low_priority', 'dedicated']),
  min_instances: integer,
  max_instances: integer,
  idle_time_before_scale_down: integer,
  ssh_public_access_enabled: boolean,
  ssh_settings: sshSettings,
  network_settings: networkSettings,
  identity: computeIdentity,
  enable_node_public_ip: boolean,
};
type Read = Members<typeof shape>;

/** A cluster that grows and shrinks. */
export const amlCompute: KindReader = (node, scope) => {
  const read = members(node, scope, shape, { ignored: COMPUTE_IGNORED });
  if (!read) return undefined;
  const properties = draft({
    computeType: 'AmlCompute',
    description: read.description,
    disableLocalAuth: read.ssh_settings === undefined,
    properties: draft(clusterOf(read)),
  });
  return computeResource(node, read, { properties, location: read.location });
};

function clusterOf(read: Read): Readonly<Record<string, Draft | undefined>> {
  return {
    osType: 'Linux',
    vmSize: read.size || DEFAULT_SIZE,
    vmPriority: read.tier && PRIORITIES[read.tier],
    userAccountCredentials: read.ssh_settings,
    scaleSettings: draft({
      minNodeCount: read.min_instances ?? 0,
      maxNodeCount: read.max_instances ?? 4,
      nodeIdleTimeBeforeScaleDown: seconds(read.idle_time_before_scale_down ?? 120),
    }),
    subnet: read.network_settings,
    remoteLoginPortPublicAccess: remoteLogin(read.ssh_public_access_enabled),
    enableNodePublicIp: read.enable_node_public_ip ?? true,
  };
}

function remoteLogin(isEnabled: boolean | undefined): string {
  if (isEnabled === undefined) return 'NotSpecified';
  return isEnabled ? 'Enabled' : 'Disabled';
}
