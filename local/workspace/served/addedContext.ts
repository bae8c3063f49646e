import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceContext, WorkspaceFolders } from '../context.ts';
import { openOperations } from '../server/operations.ts';
import { storeOfAdded } from './records.ts';
import type { AddedWorkspace } from './added.ts';

/** Before the paths of a workspace whose addresses do not hold its name otherwise. */
export const OWN_PATH = '/in/';

/** Where everything lies that an added workspace has on disk. */
export function rootFolderOf({ folders }: WorkspaceContext, { workspaceId }: AddedWorkspace): string {
  return path.join(folders.data, 'workspaces', workspaceId);
}

/** What the services of an added workspace are given: its own names, store, containers and folders; the rest is the first's. */
export async function addedContext(
  first: WorkspaceContext,
  added: AddedWorkspace,
  isOpen: () => boolean,
): Promise<WorkspaceContext> {
  const { name: workspaceName, workspaceId, location } = added;
  const { clock, faults } = first;
  const identity = { ...first.identity, workspaceName, workspaceId, location };
  const store = storeOfAdded(first.store, workspaceId);
  const urls = { ...first.urls, own: `${first.urls.api}${OWN_PATH}${workspaceName}` };
  const log = (line: string) => first.log(`${workspaceName}: ${line}`);
  const storage = storageOf(first, workspaceId, isOpen);
  const containers = [storage.blobContainer, storage.artifactContainer];
  const storageReady = first.storageReady.then(async () => {
    for (const container of containers) await storage.createContainer(container);
  });
  storageReady.catch((error: unknown) => log(`its containers cannot be made: ${String(error)}`));
  return {
    ...first,
    identity,
    urls,
    folders: await foldersOf(first, added),
    store,
    storage,
    tokens: first.tokens.ofWorkspace(workspaceId),
    operations: openOperations({ store, identity, urls, clock, faults, log }),
    createdAt: added.createdAt,
    storageReady,
    log,
  };
}

/** The same account with containers of its own. */
function storageOf(
  { storage }: WorkspaceContext,
  workspaceId: string,
  isOpen: () => boolean,
): WorkspaceContext['storage'] {
  return {
    ...storage,
    blobContainer: `azureml-blobstore-${workspaceId}`,
    artifactContainer: `azureml-${workspaceId}`,
    onLoss: (listener) =>
      storage.onLoss(() => {
        if (isOpen()) listener();
      }),
  };
}

async function foldersOf(first: WorkspaceContext, added: AddedWorkspace): Promise<WorkspaceFolders> {
  const data = rootFolderOf(first, added);
  const folders = {
    ...first.folders,
    data,
    jobs: path.join(data, 'jobs'),
    deployments: path.join(data, 'deployments'),
  };
  await Promise.all([folders.jobs, folders.deployments].map((folder) => mkdir(folder, { recursive: true })));
  return folders;
}
