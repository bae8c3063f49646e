import { Problem } from '../../shared/problem/index.ts';
import type { RunningWorkspace, WorkspaceAddress, WorkspaceOptions } from './address.ts';
import type { WorkspaceContext, WorkspaceFolders } from './context.ts';
import { makeFolders, openContext } from './open.ts';
import { createApp } from './server/app.ts';
import { Closing } from './server/closing.ts';
import { listen } from './server/listen.ts';
import { startNameProxy, upstreamIn } from './server/nameProxy.ts';
import { takeLock } from './server/lock.ts';
import { services } from './server/services.ts';
import { dispatching } from './served/dispatch.ts';
import { startServices } from './served/life.ts';
import { Workspaces } from './served/workspaces.ts';
import {
  identityHeaderOf,
  machineIdentity,
  MANAGED_IDENTITY_PATH,
} from './services/signin/managedIdentity.ts';
import type { Principal } from './services/signin/principals.ts';

/** A port that was free a moment ago may be taken before it is listened on; then others are chosen, so often. */
const ATTEMPTS = 3;

/** Starts the embedded workspace in this process. It resolves when the control plane answers; storage follows. */
export async function startWorkspace(options: WorkspaceOptions): Promise<RunningWorkspace> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptToStart(options);
    } catch (error) {
      const isTaken = error instanceof Problem && error.code === 'network' && !options.port;
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function attemptToStart(options: WorkspaceOptions): Promise<RunningWorkspace> {
  const folders = await makeFolders(options);
  const closing = new Closing();
  closing.add(await takeLock(folders.data));
  try {
    return await start(options, folders, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(
  options: WorkspaceOptions,
  folders: WorkspaceFolders,
  closing: Closing,
): Promise<RunningWorkspace> {
  const listened = signal();
  let lastUsed = new Date();
  const used = () => void (lastUsed = new Date());
  const workspaces = new Workspaces(services, used);
  const { context, apiPort, proxyPort } = await openContext(options, folders, {
    closing,
    listened: listened.given,
    served: workspaces,
  });
  const { storageReady, tls, log } = context;
  for (const service of services) await service.prepare?.(context);
  await workspaces.prepare(context);
  const app = createApp(context, services, used);
  closing.add(await listen(dispatching(app.fetch, workspaces), apiPort, tls));
  listened.give();
  closing.add(await startNameProxy({ port: proxyPort, ...upstreamIn(process.env, proxyPort) }));
  log(`listening on ${context.urls.api}`);
  closing.add(await startServices(context, services));
  closing.add(() => workspaces.stop());
  await workspaces.start();
  context.operations.carryOn();
  return {
    address: addressOf(context),
    storageReady,
    lastUsed: () => (workspaces.isBusy() ? new Date() : lastUsed),
    stop: () => closing.close(),
  };
}

/** A promise, and what fulfils it. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

function addressOf({ identity, urls, tls, principals, adminToken }: WorkspaceContext): WorkspaceAddress {
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
    accountUrl: urls.account,
    proxyUrl: urls.proxy,
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
    adminToken,
    processId: process.pid,
  };
}
