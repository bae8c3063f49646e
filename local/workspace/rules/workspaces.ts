import { choice, flag, fullText, list, map, needed, number, object, text, texts, word } from './shape.ts';
import { managedServiceIdentity, sku } from './tracked.ts';

const encryption = object({
  cosmosDbResourceId: text,
  identity: object({ userAssignedIdentity: text }),
  keyVaultProperties: needed(
    object({ identityClientId: text, keyIdentifier: needed(fullText), keyVaultArmId: needed(fullText) }),
  ),
  searchAccountResourceId: text,
  status: needed(word('Enabled', 'Disabled')),
  storageAccountResourceId: text,
});
const outboundRule = choice(
  'type',
  object({
    category: word('Required', 'Recommended', 'UserDefined', 'Dependency'),
    status: word('Inactive', 'Active', 'Provisioning', 'Deleting', 'Failed'),
  }),
  {
    FQDN: object({ destination: text }),
    PrivateEndpoint: object({
      destination: object({
        serviceResourceId: text,
        sparkEnabled: flag,
        sparkStatus: word('Inactive', 'Active', 'Provisioning', 'Deleting', 'Failed'),
        subresourceTarget: text,
      }),
      fqdns: list(text),
    }),
    ServiceTag: object({
      destination: object({
        action: word('Allow', 'Deny'),
        addressPrefixes: list(text),
        portRanges: text,
        protocol: text,
        serviceTag: text,
      }),
    }),
  },
);
const managedNetwork = object({
  enableNetworkMonitor: flag,
  firewallSku: word('Standard', 'Basic'),
  isolationMode: word('Disabled', 'AllowInternetOutbound', 'AllowOnlyApprovedOutbound'),
  managedNetworkKind: word('V1', 'V2'),
  outboundRules: map(outboundRule),
  status: object({ sparkReady: flag, status: word('Inactive', 'Active') }),
});
const sharedPrivateLink = object({
  name: text,
  properties: object({
    groupId: text,
    privateLinkResourceId: text,
    requestMessage: text,
    status: word('Approved', 'Pending', 'Rejected', 'Disconnected', 'Timeout'),
  }),
});
const featureStore = object({
  computeRuntime: object({ sparkRuntimeVersion: text }),
  offlineStoreConnectionName: text,
  onlineStoreConnectionName: text,
});

/** What may be said of a workspace, when it is made as when it is changed. */
const workspaceProperties = object({
  allowPublicAccessWhenBehindVnet: flag,
  applicationInsights: text,
  associatedWorkspaces: list(text),
  containerRegistry: text,
  description: text,
  discoveryUrl: text,
  enableDataIsolation: flag,
  enableServiceSideCMKEncryption: flag,
  encryption,
  featureStoreSettings: featureStore,
  friendlyName: text,
  hbiWorkspace: flag,
  hubResourceId: text,
  imageBuildCompute: text,
  keyVault: text,
  managedNetwork,
  primaryUserAssignedIdentity: text,
  provisionNetworkNow: flag,
  publicNetworkAccess: word('Enabled', 'Disabled'),
  serverlessComputeSettings: object({
    serverlessComputeCustomSubnet: text,
    serverlessComputeNoPublicIP: flag,
  }),
  serviceManagedResourcesSettings: object({ cosmosDb: object({ collectionsThroughput: number }) }),
  sharedPrivateLinkResources: list(sharedPrivateLink),
  storageAccount: text,
  systemDatastoresAuthMode: word('AccessKey', 'Identity', 'UserDelegationSAS'),
  v1LegacyMode: flag,
  workspaceHubConfig: object({
    additionalWorkspaceStorageAccounts: list(text),
    defaultWorkspaceResourceGroup: text,
  }),
});

/** What a PUT of a workspace may hold. */
export const workspacesBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(fullText),
  properties: needed(workspaceProperties),
  sku,
  tags: texts,
});

/** What a PATCH of a workspace may hold. */
export const workspacePatch = object({
  identity: managedServiceIdentity,
  properties: workspaceProperties,
  sku,
  tags: texts,
});
