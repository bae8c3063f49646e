import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PRINCIPALS_FILE, type WorkspaceOptions } from './address.ts';
import { cacheFolder } from './cacheFolder.ts';
import type { WorkspaceContext, WorkspaceFolders, WorkspaceUrls } from './context.ts';
import { ensureCertificates } from './server/certificates.ts';
import { openFaults } from './faults/open.ts';
import { movableClock, systemClock } from './server/clock.ts';
import type { Closing } from './server/closing.ts';
import { openLog } from './server/log.ts';
import { openOperations } from './server/operations.ts';
import { choosePort } from './server/ports.ts';
import { ensurePrincipals, keepSettings, readSettings, type KeptSettings } from './server/settings.ts';
import { tokensOfJobsIn } from './services/signin/jobTokens.ts';
import { principalsIn } from './services/signin/principals.ts';
import { tokenAuthority } from './services/signin/tokens.ts';
import { startAzurite, type Azurite } from './storage/azurite.ts';
import { blobStorage, type OwnedBlobStorage } from './storage/blobs.ts';
import { openStore } from './store/lmdb.ts';

const HOUR_IN_SECONDS = 3600;

interface Opening {
  /** Takes what must be closed again. */
  readonly closing: Closing;
  /** Resolves when the control plane listens. */
  readonly listened: Promise<void>;
}

/** Everything the services are given: settings, certificates, store, storage (still starting), tokens. */
export async function openContext(
  options: WorkspaceOptions,
  folders: WorkspaceFolders,
  { closing, listened, served }: Opening & Pick<WorkspaceContext, 'served'>,
): Promise<{ context: WorkspaceContext; apiPort: number; proxyPort: number }> {
  const clock = movableClock(options.clock ?? systemClock, path.join(folders.data, 'clock.json'));
  const log = options.log ?? openLog(path.join(folders.data, 'workspace.log'), systemClock);
  const faults = await openFaults(options.faultFile);
  const principalsFile = path.join(folders.data, PRINCIPALS_FILE);
  const [settings, tls] = await Promise.all([
    choosePorts(folders.data, options),
    ensureCertificates(path.join(folders.data, 'certificates'), systemClock.now()),
    ensurePrincipals(principalsFile),
  ]);
  const { identity, createdAt, apiPort, proxyPort } = settings;
  const urls = urlsOf(settings);
  const { storage, storageReady } = startStorage({
    settings,
    urls,
    folders,
    tls,
    log,
    closing,
    listened,
    faults,
  });
  const store = openStore(path.join(folders.data, 'store'));
  closing.add(() => store.close());
  const context: WorkspaceContext = {
    identity,
    urls,
    folders,
    tls,
    store,
    storage,
    tokens: tokensOfJobsIn(
      undefined,
      await tokenAuthority(path.join(folders.data, 'signing-key.json'), identity.tenantId, clock),
    ),
    served,
    principals: principalsIn(principalsFile, options.principals),
    signIn: {
      trustedIssuers: options.trustedIssuers ?? [],
      tokenLifetimeInSeconds: options.tokenLifetimeInSeconds ?? HOUR_IN_SECONDS,
    },
    operations: openOperations({ store, identity, urls, clock, faults, log }),
    clock,
    faults,
    adminToken: settings.adminToken,
    createdAt,
    storageReady,
    log,
  };
  return { context, apiPort, proxyPort };
}

interface StorageStart
  extends Pick<WorkspaceContext, 'urls' | 'folders' | 'tls' | 'log' | 'faults'>, Opening {
  readonly settings: KeptSettings;
}

function startStorage(start: StorageStart): { storage: OwnedBlobStorage; storageReady: Promise<void> } {
  const { settings, urls, folders, tls, log, faults, closing, listened } = start;
  const ownAgent = `workspace-${randomUUID()}`;
  const { accountName, accountKey, blobPort: port, identity } = settings;
  const azurite = startAzurite({
    accountName,
    accountKey,
    port,
    folder: path.join(folders.data, 'blobs'),
    tls,
    clock: systemClock,
    log,
    ownAgent,
    faults,
  });
  closing.add(() => azurite.stop());
  const storage = blobStorage({
    accountName,
    accountKey,
    blobContainer: `azureml-blobstore-${identity.workspaceId}`,
    artifactContainer: 'azureml',
    blobUrl: urls.blob,
    caFile: tls.caFile,
    // Storage checks signatures by the machine's time.
    now: () => systemClock.now(),
    ownAgent,
    service: azurite,
  });
  closing.add(() => storage.close());
  const storageReady = openStorage(azurite, storage, listened);
  storageReady.then(
    () => log(`storage answers on ${urls.blob}`),
    (error: unknown) => log(`storage is not available: ${String(error)}`),
  );
  return { storage, storageReady };
}

/** The SDK is loaded while Azurite starts, but not before the control plane listens: it would make that late. */
async function openStorage(
  azurite: Azurite,
  storage: OwnedBlobStorage,
  listened: Promise<void>,
): Promise<void> {
  await Promise.all([azurite.ready, listened.then(() => storage.load())]);
  await storage.open();
}

/** The folders of a workspace, made where they are missing. */
export async function makeFolders({
  dataFolder,
  environmentsFolder,
}: WorkspaceOptions): Promise<WorkspaceFolders> {
  const data = path.resolve(dataFolder);
  const folders = {
    data,
    jobs: path.join(data, 'jobs'),
    deployments: path.join(data, 'deployments'),
    environments: path.resolve(environmentsFolder ?? path.join(cacheFolder(), 'environments')),
  };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  return folders;
}

/** All ports are settled before anything listens, because every address in every answer holds one. */
async function choosePorts(dataFolder: string, options: WorkspaceOptions): Promise<KeptSettings> {
  const now = systemClock.now();
  const kept = await readSettings(dataFolder, options.identity ?? {}, now);
  const apiPort = await choosePort(options.port, kept.apiPort);
  const blobPort = await choosePort(undefined, kept.blobPort === apiPort ? 0 : kept.blobPort);
  const taken = [apiPort, blobPort];
  const proxyPort = await choosePort(undefined, taken.includes(kept.proxyPort) ? 0 : kept.proxyPort);
  const settings = { ...kept, apiPort, blobPort, proxyPort };
  await keepSettings(dataFolder, settings);
  return settings;
}

function urlsOf({ apiPort, blobPort, proxyPort, accountName }: KeptSettings): WorkspaceUrls {
  const storageSuffix = `core.localhost:${blobPort}`;
  return {
    api: `https://localhost:${apiPort}`,
    own: `https://localhost:${apiPort}`,
    blob: `https://localhost:${blobPort}/${accountName}`,
    account: `https://${accountName}.blob.${storageSuffix}`,
    storageSuffix,
    proxy: `http://127.0.0.1:${proxyPort}`,
  };
}
