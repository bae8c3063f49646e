import type { WorkspaceContext } from '../context.ts';

/** A blob, or a prefix of blobs, in this workspace's own storage. */
export interface BlobPlace {
  readonly container: string;
  readonly path: string;
}

const DATASTORE_URI =
  /^azureml:\/\/(?:subscriptions\/[^/]+\/resourcegroups\/[^/]+\/workspaces\/[^/]+\/)?datastores\/([^/]+)(?:\/paths)?\/(.*)$/i;

/**
 * Where an address points to within this workspace's storage; undefined when it is elsewhere. Known are blob URLs with
 * the account in the path or in the host name, on any port (it may have changed since), and datastore URIs.
 */
export function blobPlaceOf({ storage }: WorkspaceContext, uri: string): BlobPlace | undefined {
  const [, datastore, path = ''] = DATASTORE_URI.exec(uri) ?? [];
  if (datastore !== undefined) {
    const container = containerOf(storage, datastore);
    return container === undefined ? undefined : { container, path };
  }
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'https:') return undefined;
  const segments = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (!url.hostname.startsWith(`${storage.accountName}.`) && segments.shift() !== storage.accountName)
    return undefined;
  const [container, ...rest] = segments;
  return container ? { container, path: rest.join('/') } : undefined;
}

/** The address of a place as ARM shows it: in a datastore of this workspace, or else as a blob's. */
export function addressOfPlace(
  { storage, identity }: WorkspaceContext,
  { container, path }: BlobPlace,
): string {
  const datastore = DATASTORES.find((name) => containerOf(storage, name) === container);
  if (datastore === undefined) return storage.url(container, path);
  return (
    `azureml://subscriptions/${identity.subscriptionId}/resourceGroups/${identity.resourceGroup}` +
    `/workspaces/${identity.workspaceName}/datastores/${datastore}/paths/${path}`
  );
}

const DATASTORES = ['workspaceblobstore', 'workspaceartifactstore'] as const;

function containerOf(storage: WorkspaceContext['storage'], datastore: string): string | undefined {
  switch (datastore.toLowerCase()) {
    case 'workspaceblobstore':
      return storage.blobContainer;
    case 'workspaceartifactstore':
      return storage.artifactContainer;
    default:
      return undefined;
  }
}
