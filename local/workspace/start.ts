import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.ts';
import { createApp } from './server/app.ts';
import { ensureCertificates } from './server/certificates.ts';
import { systemClock } from './server/clock.ts';
import { listen } from './server/listen.ts';
import { takeLock } from './server/lock.ts';
import { openLog } from './server/log.ts';
import { openOperations } from './server/operations.ts';
import { choosePort } from './server/ports.ts';
import { services } from './server/services.ts';
import { ensurePrincipals, keepSettings, readSettings, type KeptSettings } from './server/settings.ts';
import {
  identityHeaderOf,
  machineIdentity,
  MANAGED_IDENTITY_PATH,
} from './services/signin/managedIdentity.ts';
import { principalsIn, type Principal } from './services/signin/principals.ts';
import { tokenAuthority } from './services/signin/tokens.ts';
import { startAzurite } from './storage/azurite.ts';
import { blobStorage } from './storage/blobs.ts';
import { openStore } from './store/lmdb.ts';
import type { RunningWorkspace, WorkspaceAddress, WorkspaceOptions } from './address.ts';
import type { WorkspaceContext, WorkspaceFolders, WorkspaceUrls } from './context.ts';

const HOUR_IN_SECONDS = 3600;

/** Starts the embedded workspace in this process. It resolves when the control plane answers; storage follows. */
export async function startWorkspace(options: WorkspaceOptions): Promise<RunningWorkspace> {
  const folders = await makeFolders(options);
  const releaseLock = await takeLock(folders.data);
  const undo: (() => Promise<unknown> | unknown)[] = [releaseLock];
  const unwind = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, folders, undo, unwind);
  } catch (error) {
    await unwind();
    throw error;
  }
}

type Undo = (() => Promise<unknown> | unknown)[];

async function start(
  options: WorkspaceOptions,
  folders: WorkspaceFolders,
  undo: Undo,
  unwind: () => Promise<void>,
): Promise<RunningWorkspace> {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? openLog(path.join(folders.data, 'workspace.log'), clock);
  const principalsFile = path.join(folders.data, 'principals.json');
  const [settings, tls] = await Promise.all([
    choosePorts(folders.data, options),
    ensureCertificates(path.join(folders.data, 'certificates'), clock.now()),
    ensurePrincipals(principalsFile),
  ]);
  const { identity, accountName, accountKey } = settings;
  const urls = urlsOf(settings);
  const azurite = startAzurite({
    accountName,
    accountKey,
    port: settings.blobPort,
    folder: path.join(folders.data, 'blobs'),
    tls,
    clock,
    log,
  });
  undo.push(() => azurite.stop());
  const store = openStore(path.join(folders.data, 'store'));
  undo.push(() => store.close());
  const storage = blobStorage({
    accountName,
    accountKey,
    blobContainer: `azureml-blobstore-${identity.workspaceId}`,
    artifactContainer: 'azureml',
    blobUrl: urls.blob,
    caFile: tls.caFile,
    now: () => clock.now(),
  });
  undo.push(() => storage.close());
  const storageReady = azurite.ready.then(() => storage.open());
  storageReady.catch((error: unknown) => log(`storage is not available: ${String(error)}`));
  const context: WorkspaceContext = {
    identity,
    urls,
    folders,
    tls,
    store,
    storage,
    tokens: await tokenAuthority(path.join(folders.data, 'signing-key.json'), identity.tenantId, clock),
    principals: principalsIn(principalsFile, options.principals),
    signIn: {
      trustedIssuers: options.trustedIssuers ?? [],
      tokenLifetimeInSeconds: options.tokenLifetimeInSeconds ?? HOUR_IN_SECONDS,
    },
    operations: await openOperations({ store, identity, urls, clock, log }),
    clock,
    createdAt: settings.createdAt,
    storageReady,
    log,
  };
  for (const service of services) await service.prepare?.(context);
  let lastUsed = clock.now();
  const app = createApp(context, services, () => (lastUsed = clock.now()));
  undo.push(await listen(app, settings.apiPort, tls));
  undo.push(await startServices(context));
  log(`listening on ${urls.api}, storage on ${urls.blob}`);
  return { address: addressOf(context), storageReady, lastUsed: () => lastUsed, stop: unwind };
}

async function makeFolders({ dataFolder, environmentsFolder }: WorkspaceOptions): Promise<WorkspaceFolders> {
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

/** Both ports are settled before anything listens, because every address in every answer holds one. */
async function choosePorts(dataFolder: string, options: WorkspaceOptions): Promise<KeptSettings> {
  const now = (options.clock ?? systemClock).now();
  const kept = await readSettings(dataFolder, options.identity ?? {}, now);
  const apiPort = await choosePort(options.port, kept.apiPort);
  const blobPort = await choosePort(undefined, kept.blobPort === apiPort ? 0 : kept.blobPort);
  const settings = { ...kept, apiPort, blobPort };
  await keepSettings(dataFolder, settings);
  return settings;
}

function urlsOf({ apiPort, blobPort, accountName }: KeptSettings): WorkspaceUrls {
  return { api: `https://localhost:${apiPort}`, blob: `https://localhost:${blobPort}/${accountName}` };
}

/** Starts what services do beside answering, and returns what ends it. */
async function startServices(context: WorkspaceContext): Promise<() => Promise<void>> {
  const guarded = async (name: string, work: (() => Promise<void>) | undefined) =>
    work?.().catch((error: unknown) =>
      context.log(`${name}: ${error instanceof Error ? error.stack : String(error)}`),
    );
  await Promise.all(
    services.map((service) => guarded(service.name, () => service.start?.(context) ?? Promise.resolve())),
  );
  return async () => {
    await Promise.all(
      services.map((service) => guarded(service.name, () => service.stop?.(context) ?? Promise.resolve())),
    );
  };
}

function addressOf({ identity, urls, tls, principals }: WorkspaceContext): WorkspaceAddress {
  const signInOf = (principal: Principal | undefined) => ({
    clientId: principal?.clientId ?? '',
    clientSecret: principal?.secrets?.[0] ?? '',
  });
  const owner = machineIdentity(principals);
  const reader = principals
    .all()
    .find((principal) => principal.role === 'reader' && principal.secrets?.length);
  return {
    apiUrl: urls.api,
    blobUrl: urls.blob,
    caFile: tls.caFile,
    tenantId: identity.tenantId,
    subscriptionId: identity.subscriptionId,
    resourceGroup: identity.resourceGroup,
    workspaceName: identity.workspaceName,
    location: identity.location,
    ...signInOf(owner),
    reader: signInOf(reader),
    managedIdentity: {
      endpoint: `${urls.api}${MANAGED_IDENTITY_PATH}`,
      header: owner === undefined ? '' : identityHeaderOf(owner),
    },
    processId: process.pid,
  };
}
