import { ROLE_ASSIGNMENT_VERSION } from '../../apiVersions.ts';
import type { Draft } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { boolean, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members, type Members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import type { KindReader } from '../family.ts';
import { managedNetwork, networkAcls } from './network.ts';
import { armId, customerKey, serverlessCompute, workspaceIdentity } from './parts.ts';

const IGNORED = ['$schema', 'id', 'mlflow_tracking_uri'];
const shape = {
  name: required(text),
  location: text,
  resource_group: text,
  description: text,
  discovery_url: text,
  display_name: text,
  hbi_workspace: boolean,
  storage_account: armId,
  container_registry: armId,
  key_vault: armId,
  application_insights: armId,
  customer_managed_key: customerKey,
  tags: mapOf(text),
  image_build_compute: text,
  public_network_access: oneOf(['Enabled', 'Disabled']),
  network_acls: networkAcls,
  system_datastores_auth_mode: text,
  identity: workspaceIdentity,
  primary_user_assigned_identity: text,
  workspace_hub: armId,
  managed_network: managedNetwork,
  provision_network_now: boolean,
  enable_data_isolation: boolean,
  allow_roleassignment_on_rg: boolean,
  serverless_compute: serverlessCompute,
};
type Read = Members<typeof shape> & { readonly hub_id?: string | undefined };

/** A workspace, a hub, or a project in a hub. */
export const workspace: KindReader = (node, scope) => {
  const kind = kindOf(node, scope);
  if (kind === undefined) return undefined;
  const own = kind === 'project' ? { kind: text, hub_id: required(text) } : {};
  const hub = kind === 'hub' ? { kind: text, default_resource_group: text } : {};
  const ignored = kind === 'hub' ? [...IGNORED, 'associated_workspaces'] : IGNORED;
  const read: Read | undefined = members(node, scope, { ...shape, ...own, ...hub }, { ignored });
  if (!read) return undefined;
  const hubId = read.hub_id ?? read.workspace_hub;
  const body = draft({
    location: read.location,
    kind: hubId === undefined ? kind : 'project',
    identity: read.identity ?? { type: 'SystemAssigned' },
    tags: read.tags ?? {},
    properties: draft({
      ...propertiesOf(read),
      hubResourceId: hubId,
      workspaceHubConfig: kind === 'hub' ? {} : undefined,
    }),
  });
  const version =
    read.allow_roleassignment_on_rg === undefined ? {} : { apiVersion: ROLE_ASSIGNMENT_VERSION };
  return { name: read.name, body, ...version };
};

function propertiesOf(read: Read): Readonly<Record<string, Draft | undefined>> {
  return {
    description: read.description,
    friendlyName: read.display_name,
    discoveryUrl: read.discovery_url,
    hbiWorkspace: read.hbi_workspace ?? false,
    storageAccount: read.storage_account,
    containerRegistry: read.container_registry,
    keyVault: read.key_vault,
    applicationInsights: read.application_insights,
    encryption: read.customer_managed_key,
    imageBuildCompute: read.image_build_compute,
    publicNetworkAccess: read.public_network_access,
    systemDatastoresAuthMode: read.system_datastores_auth_mode,
    primaryUserAssignedIdentity: read.primary_user_assigned_identity,
    managedNetwork: read.managed_network,
    provisionNetworkNow: read.provision_network_now,
    enableDataIsolation: read.enable_data_isolation ?? false,
    serverlessComputeSettings: read.serverless_compute,
    allowRoleAssignmentOnRG: read.allow_roleassignment_on_rg,
  };
}

/** The word after `kind:`; a plain workspace has none. */
function kindOf(node: YamlMap, scope: Scope): 'default' | 'hub' | 'project' | undefined {
  const entry = node.entries.get('kind');
  if (!entry) return 'default';
  const word = entry.value.kind === 'scalar' ? entry.value.text.toLowerCase() : '';
  if (word === 'hub' || word === 'project') return word;
  if (word === 'featurestore')
    return scope.unsupported(
      entry.value.at,
      'Feature stores are made by their own command, not by these tasks.',
    );
  return scope.refuse(entry.value.at, "'kind' must be hub or project; a plain workspace has no 'kind'.");
}
