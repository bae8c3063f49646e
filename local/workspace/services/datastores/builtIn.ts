import type { WorkspaceContext } from '../../context.ts';
import type { DatastoreRecord } from './records.ts';

/** The ARM id of the storage account behind the workspace. */
export function storageAccountId({
  identity,
  storage,
}: Pick<WorkspaceContext, 'identity' | 'storage'>): string {
  return (
    `/subscriptions/${identity.subscriptionId}/resourceGroups/${identity.resourceGroup}` +
    `/providers/Microsoft.Storage/storageAccounts/${storage.accountName}`
  );
}

/** The four datastores every workspace has. The two file shares are listed as Azure lists them; nothing here reads them. */
export function builtInDatastores(context: WorkspaceContext): readonly DatastoreRecord[] {
  const { identity, storage, createdAt } = context;
  const account = {
    accountName: storage.accountName,
    // Clients reach a datastore at `https://<account>.blob.<endpoint>`.
    endpoint: context.urls.storageSuffix,
    protocol: 'https',
    resourceGroup: identity.resourceGroup,
    subscriptionId: identity.subscriptionId,
    serviceDataAccessAuthIdentity: 'None',
  };
  const stamps = { createdAt, createdBy: 'workspace', modifiedAt: createdAt, modifiedBy: 'workspace' };
  const datastore = (name: string, place: object): DatastoreRecord => ({
    ...stamps,
    name,
    properties: {
      description: null,
      tags: {},
      properties: {},
      ...account,
      ...place,
      credentials: { credentialsType: 'AccountKey' },
    },
    secrets: { secretsType: 'AccountKey', key: storage.accountKey },
  });
  return [
    datastore('workspaceartifactstore', {
      datastoreType: 'AzureBlob',
      containerName: storage.artifactContainer,
    }),
    datastore('workspaceblobstore', { datastoreType: 'AzureBlob', containerName: storage.blobContainer }),
    datastore('workspacefilestore', {
      datastoreType: 'AzureFile',
      fileShareName: `azureml-filestore-${identity.workspaceId}`,
    }),
    datastore('workspaceworkingdirectory', {
      datastoreType: 'AzureFile',
      fileShareName: `code-${identity.workspaceId}`,
    }),
  ];
}
