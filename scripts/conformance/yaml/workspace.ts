import type { AssetServices } from '../../../shared/azureml/assets/services.ts';
import type { Request } from './outcome.ts';
import { silentContainer } from './storage.ts';

const WORKSPACE =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws';
const CONTAINER = 'https://acct.blob.core.windows.net/c-random';

/** A workspace that answers as the one beside the reference client does (reference/answers.py), noting what it is sent. */
export function silentWorkspace(sent: Request[]): AssetServices {
  const open = (url: string) => silentContainer(url, sent);
  return {
    workspaceId: WORKSPACE,
    openDatastore: () => Promise.resolve(open('https://acct.blob.core.windows.net/blobs?sig=abc')),
    openContainer: open,
    arm: {
      get: (path) => Promise.resolve(found(path)),
      put(path, body) {
        sent.push({ method: 'PUT', path: `/${path}`, body });
        return Promise.resolve({ id: `${WORKSPACE}/${path}` });
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
    blobUri: CONTAINER,
    credential: { sasUri: `${CONTAINER}?sig=x&sp=racwl` },
  },
};

function found(path: string): unknown {
  if (path === '') return { id: WORKSPACE, location: 'eastus' };
  if (/^codes\/[^/]+\/versions$/.test(path)) return { value: [] };
  if (/^[a-z]+\/[^/]+\/versions$/.test(path)) return { value: [{ id: `${WORKSPACE}/${path}/7` }] };
  return /^data\/[^/]+$/.test(path) ? { properties: { nextVersion: '8' } } : undefined;
}
