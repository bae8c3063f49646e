import type { Json } from '../../server/bodies.ts';
import type { BodyReader } from './bodyReader.ts';

const TYPES = ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned,UserAssigned'] as const;

/** The managed identity of a resource body, with its type in the service's spelling. */
export function checkIdentity(reader: BodyReader): Json | undefined {
  const identity = reader.object('identity');
  if (!identity) return undefined;
  const written = identity.requiredText('type').replace(/\s/g, '');
  const type = TYPES.find((known) => known.toLowerCase() === written.toLowerCase());
  if (!type) return identity.fault('type', `must be one of ${TYPES.join(', ')}, not '${written}'`);
  if (type.includes('UserAssigned') && !identity.object('userAssignedIdentities')) {
    return identity.fault('userAssignedIdentities', 'is required for user assigned identities');
  }
  return { ...identity.raw(), type };
}
