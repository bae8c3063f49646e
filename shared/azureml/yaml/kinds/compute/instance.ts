import { COMPUTE_INSTANCE_VERSION } from '../../apiVersions.ts';
import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { boolean, integer, text } from '../../fields/basic.ts';
import { members, record, type Members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import type { KindReader } from '../family.ts';
import {
  COMPUTE_IGNORED,
  computeResource,
  computeShape,
  DEFAULT_SIZE,
  networkSettings,
  warnOfLocation,
} from './base.ts';
import { computeIdentity } from './identity.ts';
import { customApplications, setupScripts } from './instanceParts.ts';
import { startStopSchedules } from './startStop.ts';

const IGNORED = [...COMPUTE_IGNORED, 'state', 'last_operation', 'services', 'os_image_metadata'];

const owner: Field<DraftMap> = mapped(
  record({ user_tenant_id: required(text), user_object_id: required(text) }),
  (read) => ({ assignedUser: draft({ tenantId: read.user_tenant_id, objectId: read.user_object_id }) }),
);

const shape = {
  ...computeShape,
  size: text,
  network_settings: networkSettings,
  create_on_behalf_of: owner,
  ssh_settings: record({ ssh_key_value: text }, { ignored: ['admin_username', 'ssh_port'] }),
  ssh_public_access_enabled: boolean,
  schedules: startStopSchedules,
  identity: computeIdentity,
  idle_time_before_shutdown: text,
  idle_time_before_shutdown_minutes: integer,
  custom_applications: customApplications,
  setup_scripts: setupScripts,
  enable_node_public_ip: boolean,
  enable_sso: boolean,
  enable_root_access: boolean,
  release_quota_on_stop: boolean,
  enable_os_patching: boolean,
};
type Read = Members<typeof shape>;

/** One machine for one person. */
export const computeInstance: KindReader = (node, scope) => {
  const read = members(node, scope, shape, { ignored: IGNORED });
  if (!read) return undefined;
  warnOfLocation(node, scope);
  const properties = draft({
    computeType: 'ComputeInstance',
    description: read.description,
    disableLocalAuth: !read.ssh_public_access_enabled,
    properties: draft({ ...machineOf(read), ...switchesOf(read) }),
  });
  return { ...computeResource(node, read, { properties }), apiVersion: COMPUTE_INSTANCE_VERSION };
};

function machineOf(read: Read): Readonly<Record<string, Draft | undefined>> {
  const minutes = read.idle_time_before_shutdown_minutes;
  return {
    vmSize: read.size || DEFAULT_SIZE,
    subnet: read.network_settings,
    sshSettings: sshOf(read),
    personalComputeInstanceSettings: read.create_on_behalf_of,
    idleTimeBeforeShutdown: minutes ? `PT${minutes}M` : read.idle_time_before_shutdown || undefined,
    schedules: read.schedules,
    setupScripts: read.setup_scripts,
    customServices: read.custom_applications,
    applicationSharingPolicy: 'Shared',
    computeInstanceAuthorizationType: 'personal',
  };
}

function switchesOf(read: Read): DraftMap {
  return {
    enableNodePublicIp: read.enable_node_public_ip ?? true,
    enableSSO: read.enable_sso ?? true,
    enableRootAccess: read.enable_root_access ?? true,
    releaseQuotaOnStop: read.release_quota_on_stop ?? false,
    enableOSPatching: read.enable_os_patching ?? false,
  };
}

function sshOf(read: Read): DraftMap | undefined {
  const { ssh_settings: settings, ssh_public_access_enabled: isOpen } = read;
  if (settings === undefined && isOpen === undefined) return undefined;
  return draft({
    sshPublicAccess: isOpen ? 'Enabled' : 'Disabled',
    adminPublicKey: settings?.ssh_key_value || undefined,
  });
}
