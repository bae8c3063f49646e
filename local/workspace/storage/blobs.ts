import type { ContainerClient } from '@azure/storage-blob';
import { mkdir, readdir } from 'node:fs/promises';
import type https from 'node:https';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import type { BlobStorage } from '../context.ts';
import { appendTo, undefinedWhenMissing } from './append.ts';
import { openConnection, type BlobAccount, type Connection } from './connection.ts';
import { copyBlobs } from './copying.ts';
import { join, sideBySide } from './many.ts';

/** A client's clock may lag behind ours a little. */
const SAS_BACKDATED_IN_MS = 5 * 60 * 1000;

/** The blob storage of this workspace, and what its owner needs to open and close it. */
export interface OwnedBlobStorage extends BlobStorage {
  /** Loads the SDK, which may be done before the service answers. */
  load(): Promise<void>;
  /** Makes the built-in containers; everything works afterwards. */
  open(): Promise<void>;
  close(): void;
}

/** Blob storage through Azure's own SDK, which is loaded only when first needed: it would double the start-up time. */
export function blobStorage(account: BlobAccount): OwnedBlobStorage {
  const agent = { current: undefined as https.Agent | undefined };
  let connection: Connection | undefined;
  let connecting: Promise<Connection> | undefined;
  const connect = () =>
    (connecting ??= openConnection(account, agent).then((opened) => {
      connection = opened;
      return opened;
    }));
  const container = async (name: string): Promise<ContainerClient> =>
    (await connect()).service.getContainerClient(name);
  const blob = async (name: string, at: string) => (await container(name)).getBlockBlobClient(at);
  const url = (name: string, at?: string) =>
    [account.blobUrl, name, ...(at === undefined ? [] : [encodePath(at)])].join('/');

  const storage: OwnedBlobStorage = {
    accountName: account.accountName,
    accountKey: account.accountKey,
    blobContainer: account.blobContainer,
    artifactContainer: account.artifactContainer,
    url,
    sasUrl: (name, at, permissions, lifetimeInSeconds) => {
      if (connection === undefined) throw notReady();
      const { sdk, credential } = connection;
      const now = account.now().getTime();
      const query = sdk.generateBlobSASQueryParameters(
        {
          containerName: name,
          ...(at === undefined ? {} : { blobName: at }),
          permissions:
            at === undefined
              ? sdk.ContainerSASPermissions.parse(permissions)
              : sdk.BlobSASPermissions.parse(permissions.replaceAll('l', '')),
          startsOn: new Date(now - SAS_BACKDATED_IN_MS),
          expiresOn: new Date(now + lifetimeInSeconds * 1000),
          protocol: sdk.SASProtocol.Https,
        },
        credential,
      );
      return `${url(name, at)}?${query.toString()}`;
    },
    flush: account.service.flush,
    onLoss: account.service.onLoss,
    createContainer: async (name) => void (await (await container(name)).createIfNotExists()),
    deleteContainer: async (name) => void (await (await container(name)).deleteIfExists()),
    copy: (name, at, to) =>
      copyBlobs(storage, { container: name, path: at }, to, async (one, target) => {
        const copying = await (await blob(to.container, target)).beginCopyFromURL(url(name, one));
        await copying.pollUntilDone();
      }),
    exists: async (name, at) => (await blob(name, at)).exists(),
    size: async (name, at) => {
      const properties = await (await blob(name, at)).getProperties().catch(undefinedWhenMissing);
      return properties?.contentLength;
    },
    list: async function* (name, prefix) {
      for await (const item of (await container(name)).listBlobsFlat({ prefix })) {
        yield { path: item.name, size: item.properties.contentLength ?? 0 };
      }
    },
    upload: async (name, at, content) => void (await (await blob(name, at)).uploadData(Buffer.from(content))),
    uploadFile: async (name, at, file) => void (await (await blob(name, at)).uploadFile(file)),
    uploadFolder: async (name, prefix, folder) => {
      const files = await filesBelow(folder);
      await sideBySide(files, (file) =>
        storage.uploadFile(name, join(prefix, file.split(path.sep).join('/')), path.join(folder, file)),
      );
    },
    append: async (name, at, content, position) =>
      appendTo((await container(name)).getAppendBlobClient(at), content, position),
    download: async (name, at) => (await blob(name, at)).downloadToBuffer(),
    downloadFile: async (name, at, file) => {
      await mkdir(path.dirname(file), { recursive: true });
      await (await blob(name, at)).downloadToFile(file);
    },
    downloadPrefix: async (name, prefix, folder) => {
      const found: string[] = [];
      for await (const item of storage.list(name, prefix)) found.push(item.path);
      const files = found.filter((at) => at !== prefix && !at.endsWith('/'));
      await sideBySide(files, (at) =>
        storage.downloadFile(name, at, placeInside(folder, at.slice(prefix.length))),
      );
      return files.length;
    },
    load: async () => void (await connect()),
    open: async () => {
      await Promise.all([account.blobContainer, account.artifactContainer].map(storage.createContainer));
    },
    close: () => agent.current?.destroy(),
  };
  return storage;
}

/** Where a blob goes on disk; a name that climbs out of the folder is refused. */
function placeInside(folder: string, relative: string): string {
  const root = path.resolve(folder);
  const target = path.resolve(root, relative.replace(/^\/+/, ''));
  if (target.startsWith(root + path.sep)) return target;
  throw new Problem({
    code: 'storage',
    message: `The blob name '${relative}' points outside its folder and is not downloaded.`,
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}

function encodePath(at: string): string {
  return at.split('/').map(encodeURIComponent).join('/');
}

function notReady(): Problem {
  return new Problem({
    code: 'storage',
    message: 'The blob storage of the embedded workspace is still starting.',
    next: 'Try again in a second.',
    reply: {
      status: 503,
      code: 'ServiceUnavailable',
      message: 'The blob storage of the embedded workspace is still starting.',
    },
  });
}
