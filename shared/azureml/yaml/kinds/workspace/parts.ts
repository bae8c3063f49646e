import type { DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { boolean, oneOfSnake, text } from '../../fields/basic.ts';
import { mapOf, record } from '../../fields/collections.ts';
import { mapped, optional, required, type Field } from '../../fields/field.ts';

const ARM_ID =
  /^\/subscriptions\/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\/resourcegroups\/.*\/providers\/[a-z.]*\/[a-z]*\/.*$/i;

/** The full ARM id of a resource. */
export const armId: Field<string> = mapped(text, (id, node, scope) =>
  ARM_ID.test(id)
    ? id
    : scope.refuse(
        node.at,
        `${scope.subject()} must be a full ARM id (/subscriptions/<id>/resourceGroups/...), not '${id}'.`,
      ),
);

const IDENTITIES = {
  system_assigned: 'SystemAssigned',
  user_assigned: 'UserAssigned',
  'system_assigned,user_assigned': 'SystemAssigned,UserAssigned',
  none: 'None',
} as const;
const word = oneOfSnake(['system_assigned', 'user_assigned', 'system_assigned,user_assigned', 'none']);
const assigned = record({ principal_id: text, client_id: text, resource_id: text });

/** Who the workspace is; user-assigned identities stand by their ids. */
export const workspaceIdentity: Field<DraftMap> = mapped(
  record({
    type: required(word),
    principal_id: text,
    tenant_id: text,
    user_assigned_identities: optional(mapOf(optional(assigned))),
  }),
  (read) => {
    const users = Object.entries(read.user_assigned_identities ?? {}).map(
      ([id, user]) => [id, draft({ principalId: user.principal_id, clientId: user.client_id })] as const,
    );
    return draft({
      type: read.type && IDENTITIES[read.type],
      userAssignedIdentities: users.length > 0 ? Object.fromEntries(users) : undefined,
    });
  },
);

const URL =
  /^https?:\/\/(?:(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}|localhost|[\d.]+)(?::\d+)?(?:[/?#]\S*)?$/i;
const url: Field<string> = mapped(text, (address, node, scope) =>
  URL.test(address)
    ? address
    : scope.refuse(node.at, `${scope.subject()} must be an https address, not '${address}'.`),
);

/** A key of one's own that the service encrypts with. */
export const customerKey: Field<DraftMap> = mapped(
  record({ key_vault: text, key_uri: url, cosmosdb_id: text, storage_id: text, search_id: text }),
  (read) =>
    draft({
      status: 'Enabled',
      keyVaultProperties: draft({ keyVaultArmId: read.key_vault, keyIdentifier: read.key_uri }),
      cosmosDbResourceId: read.cosmosdb_id || undefined,
      storageAccountResourceId: read.storage_id || undefined,
      searchAccountResourceId: read.search_id || undefined,
    }),
);

const subnet: Field<string | undefined> = {
  ...armId,
  read: (node, scope) =>
    node.kind === 'scalar' && node.text === 'None' ? undefined : armId.read(node, scope),
};

export const serverlessCompute: Field<DraftMap> = mapped(
  record({ custom_subnet: optional(subnet), no_public_ip: boolean }),
  (read) =>
    draft({
      serverlessComputeCustomSubnet: read.custom_subnet,
      serverlessComputeNoPublicIP: read.no_public_ip ?? false,
    }),
);
