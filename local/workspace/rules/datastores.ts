import { choice, fullText, needed, object, text, texts, word } from './shape.ts';

const accountKeyDatastoreSecrets = object({
  key: text,
  secretsType: needed(word('AccountKey', 'Certificate', 'Sas', 'ServicePrincipal')),
});
const certificateDatastoreSecrets = object({
  certificate: text,
  secretsType: needed(word('AccountKey', 'Certificate', 'Sas', 'ServicePrincipal')),
});
const sasDatastoreSecrets = object({
  sasToken: text,
  secretsType: needed(word('AccountKey', 'Certificate', 'Sas', 'ServicePrincipal')),
});
const servicePrincipalDatastoreSecrets = object({
  clientSecret: text,
  secretsType: needed(word('AccountKey', 'Certificate', 'Sas', 'ServicePrincipal')),
});
const datastoreCredentials = choice('credentialsType', object({}), {
  AccountKey: object({ secrets: needed(accountKeyDatastoreSecrets) }),
  Certificate: object({
    authorityUrl: text,
    clientId: needed(fullText),
    resourceUrl: text,
    secrets: needed(certificateDatastoreSecrets),
    tenantId: needed(fullText),
    thumbprint: needed(fullText),
  }),
  None: object({}),
  Sas: object({ secrets: needed(sasDatastoreSecrets) }),
  ServicePrincipal: object({
    authorityUrl: text,
    clientId: needed(fullText),
    resourceUrl: text,
    secrets: needed(servicePrincipalDatastoreSecrets),
    tenantId: needed(fullText),
  }),
});
const oneLakeArtifact = choice('artifactType', object({ artifactName: needed(fullText) }), {
  LakeHouse: object({}),
});
const datastoreProperties = choice(
  'datastoreType',
  object({ credentials: needed(datastoreCredentials), description: text, properties: texts, tags: texts }),
  {
    AzureBlob: object({
      accountName: text,
      containerName: text,
      endpoint: text,
      protocol: text,
      resourceGroup: text,
      serviceDataAccessAuthIdentity: word(
        'None',
        'WorkspaceSystemAssignedIdentity',
        'WorkspaceUserAssignedIdentity',
      ),
      subscriptionId: text,
    }),
    AzureDataLakeGen1: object({
      resourceGroup: text,
      serviceDataAccessAuthIdentity: word(
        'None',
        'WorkspaceSystemAssignedIdentity',
        'WorkspaceUserAssignedIdentity',
      ),
      storeName: needed(fullText),
      subscriptionId: text,
    }),
    AzureDataLakeGen2: object({
      accountName: needed(fullText),
      endpoint: text,
      filesystem: needed(fullText),
      protocol: text,
      resourceGroup: text,
      serviceDataAccessAuthIdentity: word(
        'None',
        'WorkspaceSystemAssignedIdentity',
        'WorkspaceUserAssignedIdentity',
      ),
      subscriptionId: text,
    }),
    AzureFile: object({
      accountName: needed(fullText),
      endpoint: text,
      fileShareName: needed(fullText),
      protocol: text,
      resourceGroup: text,
      serviceDataAccessAuthIdentity: word(
        'None',
        'WorkspaceSystemAssignedIdentity',
        'WorkspaceUserAssignedIdentity',
      ),
      subscriptionId: text,
    }),
    OneLake: object({
      artifact: needed(oneLakeArtifact),
      endpoint: text,
      oneLakeWorkspaceName: needed(fullText),
      serviceDataAccessAuthIdentity: word(
        'None',
        'WorkspaceSystemAssignedIdentity',
        'WorkspaceUserAssignedIdentity',
      ),
    }),
  },
);

/** What a PUT of a datastore may hold. */
export const datastoresBody = object({ properties: needed(datastoreProperties) });
