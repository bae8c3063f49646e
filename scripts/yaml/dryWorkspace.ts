import type { AssetServices, UploadProgress } from '../../shared/azureml/assets/services.ts';
import { dryContainer } from './dryStorage.ts';
import type { Request } from './request.ts';

/** What a workspace would answer that is not there: names for what only it knows. */
export interface DryNames {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly location: string;
  /** The version that `@latest` stands for. */
  readonly latest: string;
  /** The version that the service counts on to. */
  readonly next: string;
}

/** Where its datastores lie, and where its code goes. */
export const DRY_DATASTORE = 'https://acct.blob.core.windows.net/blobs';
export const DRY_CONTAINER = 'https://acct.blob.core.windows.net/c-random';

/** A workspace without a network: it has no code yet, keeps whatever it is sent, and notes it. */
export function dryWorkspace(
  sent: Request[],
  names: DryNames,
  onProgress?: (progress: UploadProgress) => void,
): AssetServices {
  const open = (url: string) => dryContainer(url, sent);
  return {
    workspaceId: names.workspaceId,
    openDatastore: () => Promise.resolve(open(`${DRY_DATASTORE}?sig=abc`)),
    openContainer: open,
    ...(onProgress && { onProgress }),
    arm: {
      get: (path) => Promise.resolve(found(path, names)),
      put(path, body) {
        sent.push({ method: 'PUT', path: `/${path}`, body });
        return Promise.resolve({ id: `${names.workspaceId}/${path}` });
      },
      post(path, body) {
        sent.push({ method: 'POST', path: `/${path}`, body });
        return Promise.resolve(UPLOAD);
      },
    },
  };
}

const UPLOAD = {
  blobReferenceForConsumption: {
    blobUri: DRY_CONTAINER,
    credential: { sasUri: `${DRY_CONTAINER}?sig=x&sp=racwl` },
  },
};

function found(path: string, names: DryNames): unknown {
  const { workspaceId, location, latest, next } = names;
  if (path === '') return { id: workspaceId, location };
  if (/^codes\/[^/]+\/versions$/.test(path)) return { value: [] };
  if (/^[a-z]+\/[^/]+\/versions$/.test(path)) return { value: [{ id: `${workspaceId}/${path}/${latest}` }] };
  if (/^onlineEndpoints\/[^/]+\/deployments\/[^/]+$/.test(path)) return collectingDeployment(names);
  if (/^data\/[^/]+\/versions\/[^/]+$/.test(path)) return { properties: { dataType: 'uri_file' } };
  return /^data\/[^/]+$/.test(path) ? { properties: { nextVersion: next } } : undefined;
}

/** A deployment that collects all there is. */
function collectingDeployment({ workspaceId, latest }: DryNames): unknown {
  const collections = ['model_inputs', 'model_outputs', 'app_traces'].map((name) => {
    const dataId = `${workspaceId}/data/${name}/versions/${latest}`;
    return [name, { dataCollectionMode: 'Enabled', dataId }] as const;
  });
  return { properties: { dataCollector: { collections: Object.fromEntries(collections) } } };
}
