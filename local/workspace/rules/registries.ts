import { flag, fullText, list, needed, number, object, someObject, text, texts, word } from './shape.ts';
import { managedServiceIdentity, sku } from './tracked.ts';

const armResource = object({ resourceId: text });
const systemStorage = object({
  allowBlobPublicAccess: flag,
  armResourceId: armResource,
  storageAccountHnsEnabled: flag,
  storageAccountName: text,
  storageAccountType: text,
});
const systemImages = object({ acrAccountName: text, acrAccountSku: text, armResourceId: armResource });
const region = object({
  acrDetails: list(object({ systemCreatedAcrAccount: systemImages })),
  location: text,
  storageAccountDetails: list(object({ systemCreatedStorageAccount: systemStorage })),
});
const privateConnection = object({
  id: text,
  location: text,
  properties: object({
    groupIds: list(text),
    privateEndpoint: object({ subnetArmId: text }),
    provisioningState: text,
    registryPrivateLinkServiceConnectionState: object({
      actionsRequired: text,
      description: text,
      status: word('Approved', 'Pending', 'Rejected', 'Disconnected', 'Timeout'),
    }),
  }),
});
const registryProperties = object({
  discoveryUrl: text,
  intellectualPropertyPublisher: text,
  managedResourceGroup: armResource,
  managedResourceGroupSettings: object({ assignedIdentities: list(object({ principalId: fullText })) }),
  mlFlowRegistryUri: text,
  publicNetworkAccess: text,
  regionDetails: list(region),
  registryPrivateEndpointConnections: list(privateConnection),
});

/** What a PUT of a registry may hold. */
export const registriesBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(fullText),
  properties: needed(registryProperties),
  sku,
  tags: texts,
});

/** What a PATCH of a registry may hold. */
export const registryPatch = object({ identity: someObject, sku: object({ capacity: number }), tags: texts });
