import type { WorkspaceContext } from '../../context.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';
import { storageAccountId } from '../datastores/builtIn.ts';
import type { RegistryRecord } from './records.ts';

export const REGISTRY_TYPE = 'Microsoft.MachineLearningServices/registries';

/** The ARM id of a registry; all of them lie in the workspace's resource group. */
export function registryId({ identity }: Pick<WorkspaceContext, 'identity'>, name: string): string {
  return `${groupId(identity)}/providers/${REGISTRY_TYPE}/${name}`;
}

/** The resource, as every answer shows it. */
export function showRegistry(context: WorkspaceContext, record: RegistryRecord): object {
  const { name, location, tags, identity, sku, kind, properties } = record;
  const { tenantId } = context.identity;
  const regions = Array.isArray(properties.regionDetails) ? properties.regionDetails.filter(isObject) : [];
  return {
    id: registryId(context, name),
    name,
    type: REGISTRY_TYPE,
    location,
    tags,
    ...(kind === undefined ? {} : { kind }),
    sku,
    identity: { ...identity, ...(hasOwn(identity) ? { principalId: record.registryId, tenantId } : {}) },
    properties: {
      ...properties,
      discoveryUrl: discoveryUrl(context, name),
      mlFlowRegistryUri: `azureml://${new URL(context.urls.api).host}/mlflow/v1.0${registryId(context, name)}`,
      managedResourceGroup: { resourceId: groupId(context.identity) },
      regionDetails: regions.map((region) => ({
        ...region,
        storageAccountDetails: [{ systemCreatedStorageAccount: accountOf(context, region) }],
      })),
    },
    systemData: systemData(record),
  };
}

/** What a client reads of a registry before it asks for its assets. */
export function discoveryOf(
  context: WorkspaceContext,
  { name, location, properties }: RegistryRecord,
): object {
  const { tenantId, subscriptionId, resourceGroup } = context.identity;
  const details = Array.isArray(properties.regionDetails) ? properties.regionDetails.filter(isObject) : [];
  return {
    registryName: name,
    tenantId,
    primaryRegion: location,
    regions: details.map((region) => region.location),
    subscriptionId,
    resourceGroup,
    primaryRegionResourceProviderUri: `${context.urls.api}/`,
  };
}

function discoveryUrl({ urls }: WorkspaceContext, name: string): string {
  return `${urls.api}/registrymanagement/v1.0/registries/${name}/discovery`;
}

/** All regions of a registry are on this machine, and share its storage. */
function accountOf(context: WorkspaceContext, region: Json): object {
  const [details] = Array.isArray(region.storageAccountDetails) ? region.storageAccountDetails : [];
  const asked: unknown = isObject(details) ? details.systemCreatedStorageAccount : undefined;
  return {
    storageAccountType: 'Standard_LRS',
    storageAccountHnsEnabled: false,
    allowBlobPublicAccess: false,
    ...(isObject(asked) ? asked : {}),
    storageAccountName: context.storage.accountName,
    armResourceId: { resourceId: storageAccountId(context) },
  };
}

function hasOwn({ type }: Json): boolean {
  return typeof type === 'string' && type.includes('SystemAssigned');
}

function groupId({ subscriptionId, resourceGroup }: WorkspaceContext['identity']): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}
