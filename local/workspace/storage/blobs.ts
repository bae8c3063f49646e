import type { BlobServiceClient, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import type { BlobStorage } from '../context.ts';

type Sdk = typeof import('@azure/storage-blob');

const SIDE_BY_SIDE = 8;
const APPEND_LIMIT = 4 * 1024 * 1024;
/** A client's clock may lag behind ours a little. */
const SAS_BACKDATED_IN_MS = 5 * 60 * 1000;

export interface BlobAccount {
  readonly accountName: string;
  readonly accountKey: string;
  readonly blobContainer: string;
  readonly artifactContainer: string;
  /** The service with the account in its path. */
  readonly blobUrl: string;
  readonly caFile: string;
  readonly now: () => Date;
  /** Makes the service write down what it has. */
  readonly flush: () => Promise<void>;
}

/** The blob storage of this workspace, and what its owner needs to open and close it. */
export interface OwnedBlobStorage extends BlobStorage {
  /** Loads the SDK, which may be done before the service answers. */
  load(): Promise<void>;
  /** Makes the built-in containers; everything works afterwards. */
  open(): Promise<void>;
  close(): void;
}

interface Connection {
  readonly sdk: Sdk;
  readonly service: BlobServiceClient;
  readonly credential: StorageSharedKeyCredential;
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
    flush: account.flush,
    createContainer: async (name) => void (await (await container(name)).createIfNotExists()),
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
    append: async (name, at, content) => {
      const client = (await container(name)).getAppendBlobClient(at);
      for (let start = 0; start < content.length; start += APPEND_LIMIT) {
        const part = content.subarray(start, start + APPEND_LIMIT);
        await client.appendBlock(part, part.length).catch(async (error: unknown) => {
          undefinedWhenMissing(error);
          await client.createIfNotExists();
          await client.appendBlock(part, part.length);
        });
      }
      if (content.length === 0) await client.createIfNotExists();
    },
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

async function openConnection(
  account: BlobAccount,
  agent: { current: https.Agent | undefined },
): Promise<Connection> {
  const [sdk, ca] = await Promise.all([import('@azure/storage-blob'), readFile(account.caFile, 'utf8')]);
  agent.current = new https.Agent({ ca, keepAlive: true });
  const credential = new sdk.StorageSharedKeyCredential(account.accountName, account.accountKey);
  // Not in the SDK's type, but handed to its pipeline: trusts our authority, and never goes through a proxy.
  const options = { agent: agent.current, keepAliveOptions: { enable: true } };
  return { sdk, credential, service: new sdk.BlobServiceClient(account.blobUrl, credential, options) };
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

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

function undefinedWhenMissing(error: unknown): undefined {
  if ((error as { statusCode?: unknown }).statusCode === 404) return undefined;
  throw error;
}

function encodePath(at: string): string {
  return at.split('/').map(encodeURIComponent).join('/');
}

function join(prefix: string, relative: string): string {
  return prefix === '' || prefix.endsWith('/') ? `${prefix}${relative}` : `${prefix}/${relative}`;
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
