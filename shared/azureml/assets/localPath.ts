import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { LocalPath } from '../yaml/index.ts';
import { abortOf, type SendingContext } from './context.ts';
import { objectHash } from './snapshot/hash.ts';
import { hashingProgress, warnAboutLinks } from './snapshot/telling.ts';
import { takeSnapshot } from './snapshot/walk.ts';
import { sendSnapshot } from './upload/snapshot.ts';

/** What a local path has become: its address in the storage, and the hash of its bytes. */
export interface SentPath {
  readonly address: string;
  readonly hash: string;
}

/** Sends a local file or folder to `LocalUpload/<hash>/<name>` of its datastore, unless it is there. */
export async function sendPath(local: LocalPath, context: SendingContext): Promise<SentPath> {
  const { services } = context;
  const snapshot = await takeSnapshot(local.path, local.place);
  warnAboutLinks(snapshot, local.place, context);
  const hashed = await objectHash(snapshot, { ...abortOf(context), ...hashingProgress(snapshot, services) });
  const container = await services.openDatastore(local.datastore, abortOf(context));
  const folder = `LocalUpload/${hashed.hash}`;
  const name = path.basename(local.path);
  await sendSnapshot(snapshot, hashed, {
    container,
    prefix: snapshot.isFolder ? `${folder}/${name}` : folder,
    mark: { name: randomUUID(), version: randomUUID() },
    label: local.path,
    ...(services.onProgress && { onProgress: services.onProgress }),
    ...abortOf(context),
  });
  const address = addressOf(local, `${folder}/${name}`, {
    containerUrl: container.url,
    workspaceId: services.workspaceId,
  });
  return { address, hash: hashed.hash };
}

function addressOf(
  local: LocalPath,
  blobPath: string,
  { containerUrl, workspaceId }: { containerUrl: string; workspaceId: string },
): string {
  const slash = local.trailingSlash ? '/' : '';
  switch (local.address) {
    case 'short':
      return `azureml://datastores/${local.datastore}/paths/${blobPath}${slash}`;
    case 'long':
      return `${longAddress(workspaceId, local.datastore)}/${blobPath}${slash}`;
    case 'https': {
      const { origin, pathname } = new URL(containerUrl);
      return `${origin}${pathname.replace(/\/$/, '')}/${blobPath}${slash}`;
    }
  }
}

/** `azureml://subscriptions/.../resourcegroups/.../workspaces/.../datastores/<name>/paths`, spelled as the service does. */
export function longAddress(workspaceId: string, datastore: string): string {
  const [, , subscription, , group] = workspaceId.split('/');
  const workspace = workspaceId.slice(workspaceId.lastIndexOf('/') + 1);
  return `azureml://subscriptions/${subscription}/resourcegroups/${group}/workspaces/${workspace}/datastores/${datastore}/paths`;
}
