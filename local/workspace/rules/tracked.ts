import { map, needed, number, object, someObject, text, word } from './shape.ts';

const userAssignedIdentity = someObject;
export const managedServiceIdentity = object({
  type: needed(word('None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned,UserAssigned')),
  userAssignedIdentities: map(userAssignedIdentity),
});
export const sku = object({
  capacity: number,
  family: text,
  name: needed(text),
  size: text,
  tier: word('Free', 'Basic', 'Standard', 'Premium'),
});
