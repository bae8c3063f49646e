import type { DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';

const TYPES = {
  system_assigned: 'SystemAssigned',
  user_assigned: 'UserAssigned',
  'system_assigned,user_assigned': 'SystemAssigned,UserAssigned',
  none: 'None',
} as const;

const words = oneOfSnake(['system_assigned', 'user_assigned', 'none', 'system_assigned,user_assigned']);
const assigned = record(
  { resource_id: required(text) },
  { ignored: ['principal_id', 'client_id', 'tenant_id'] },
);

/** The managed identity of a compute. */
export const computeIdentity: Field<DraftMap> = mapped(
  record(
    { type: required(words), user_assigned_identities: listOf(assigned) },
    { ignored: ['principal_id', 'tenant_id'] },
  ),
  (read) => {
    const users = read.user_assigned_identities ?? [];
    const byId = Object.fromEntries(users.map((user) => [user.resource_id ?? '', {}]));
    return draft({
      type: read.type && TYPES[read.type],
      userAssignedIdentities: users.length > 0 ? byId : undefined,
    });
  },
);
