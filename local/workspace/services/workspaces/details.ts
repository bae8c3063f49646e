import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { defined, isObject, type Json } from '../../server/bodies.ts';
import { systemData, type Stamps } from '../../server/stamps.ts';
import type { Collection } from '../../store/store.ts';
import { storageAccountId } from '../datastores/builtIn.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces';

/** What requests may decide about a workspace; it is the workspace's own, under this key. */
const KEY = 'own';

/** What a workspace says of itself beside its names. */
export interface Details {
  readonly stamps: Stamps;
  readonly tags: Json;
  readonly sku?: Json;
  readonly identity?: Json;
  /** As they were asked for. */
  readonly properties: Json;
}

function detailsIn({ store }: Pick<WorkspaceContext, 'store'>): Collection<Details> {
  return store.collection<Details>('workspaceDetails');
}

/** What was decided, or what the workspace is made with. */
export function detailsOf(context: WorkspaceContext): Details {
  const { createdAt } = context;
  const stamps = { createdAt, createdBy: 'workspace', modifiedAt: createdAt, modifiedBy: 'workspace' };
  return (
    detailsIn(context).get(KEY) ?? {
      stamps,
      tags: {},
      properties: { description: 'An embedded workspace on one machine.' },
    }
  );
}

export async function keepDetails(context: WorkspaceContext, details: Details): Promise<void> {
  await detailsIn(context).put(KEY, details);
}

/** The resource, as every answer shows it. */
export function workspaceResource(context: WorkspaceContext): object {
  const { identity, urls } = context;
  const { stamps, tags, sku, identity: asked, properties } = detailsOf(context);
  const id = workspaceId(identity);
  return {
    id,
    name: identity.workspaceName,
    type: TYPE,
    location: identity.location,
    tags,
    kind: 'Default',
    sku: { name: 'Basic', tier: 'Basic', ...defined(sku ?? {}) },
    identity: {
      type: 'SystemAssigned',
      ...(isObject(asked) ? asked : {}),
      principalId: identity.workspaceId,
      tenantId: identity.tenantId,
    },
    properties: {
      friendlyName: identity.workspaceName,
      publicNetworkAccess: 'Enabled',
      hbiWorkspace: false,
      v1LegacyMode: false,
      ...properties,
      workspaceId: identity.workspaceId,
      tenantId: identity.tenantId,
      discoveryUrl: `${urls.api}/discovery/workspaces/${identity.workspaceId}`,
      mlFlowTrackingUri: `azureml://${new URL(urls.api).host}/mlflow/v1.0${id}`,
      // Whatever account was asked for: this machine has one.
      storageAccount: storageAccountId(context),
      storageHnsEnabled: false,
      privateEndpointConnections: [],
      privateLinkCount: 0,
      // The service's own, of which nothing stands behind a workspace on this machine.
      notebookInfo: null,
      serviceProvisionedResourceGroup: null,
      provisioningState: 'Succeeded',
    },
    systemData: systemData(stamps),
  };
}
