import { appendFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../../shared/problem/index.ts';
import type { BlobStorage } from '../../context.ts';
import type { EnvironmentRequest, PreparedEnvironment, PrepareOptions } from '../environments/index.ts';
import { environmentRequest } from './environmentRequest.ts';
import { deploymentFailure } from './failures.ts';
import { EventLog } from './events.ts';
import { makeFolders, materialise, revisionFolders, type RevisionFolders } from './materialise.ts';
import type { DeploymentPlan } from './plan.ts';
import { processEnvironment } from './processEnvironment.ts';
import { Revision } from './revision.ts';
import { writeSupervisor } from './supervisor.ts';

/** What starting a revision needs from outside. */
export interface StartingServices {
  readonly storage: BlobStorage;
  /** Files that are on disk already do not wait for it. */
  readonly storageReady: Promise<void>;
  readonly deploymentsFolder: string;
  readonly environmentsFolder: string;
  readonly prepareEnvironment: (
    request: EnvironmentRequest,
    options: PrepareOptions,
  ) => Promise<PreparedEnvironment>;
  readonly now: () => Date;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
  readonly restarts: { readonly crashLimit: number; readonly backoffInMs: number };
}

/**
 * Brings files and environment of a revision into place and starts its processes. It resolves when every instance
 * is ready and throws a problem with Azure's code otherwise, with nothing left running. Files that are already
 * there from before a restart are not fetched again.
 */
export async function startRevision(plan: DeploymentPlan, services: StartingServices): Promise<Revision> {
  const folders = revisionFolders(services.deploymentsFolder, plan);
  await makeFolders(folders);
  const events = new EventLog(folders.eventFile, services.now);
  events.step('SystemSetup', 'Succeeded');
  const entryScript = await bringFiles(plan, folders, events, services);
  const prepared = await bringEnvironment(plan, folders, events, services);
  const revision = new Revision(
    {
      instance: {
        python: prepared.python,
        supervisor: await writeSupervisor(folders.root),
        appRoot: folders.appRoot,
        environment: processEnvironment(plan, folders, prepared, entryScript),
      },
      logFolder: folders.logs,
      replica: {
        liveness: plan.serving.liveness,
        readiness: plan.serving.readiness,
        livenessRoute: plan.routes.liveness,
        readinessRoute: plan.routes.readiness,
        ...services.restarts,
      },
      maxConcurrentRequestsPerInstance: plan.serving.maxConcurrentRequestsPerInstance,
    },
    events,
  );
  return startInstances(revision, plan, events, services.signal);
}

async function startInstances(
  revision: Revision,
  plan: DeploymentPlan,
  events: EventLog,
  signal: AbortSignal,
): Promise<Revision> {
  signal.throwIfAborted();
  const end = () => void revision.stop(0);
  signal.addEventListener('abort', end, { once: true });
  events.step('UserContainerStart', 'InProgress');
  const failed = await revision.resize(plan.instanceCount);
  signal.removeEventListener('abort', end);
  if (!failed && !signal.aborted) {
    events.step('UserContainerStart', 'Succeeded');
    return revision;
  }
  await revision.stop(0);
  signal.throwIfAborted();
  events.step('UserContainerStart', 'Failed');
  throw failed ? await deploymentFailure(failed, plan) : signal.reason;
}

async function bringEnvironment(
  plan: DeploymentPlan,
  folders: RevisionFolders,
  events: EventLog,
  services: StartingServices,
): Promise<PreparedEnvironment> {
  events.step('UserContainerImagePull', 'InProgress');
  events.event('Pulling', 'Normal', 'Start preparing the Python environment');
  try {
    const prepared = await services.prepareEnvironment(await environmentRequest(plan, folders), {
      cacheFolder: services.environmentsFolder,
      signal: services.signal,
      onLog: (line) => appendFileSync(folders.environmentLog, `${line}\n`),
    });
    for (const warning of prepared.warnings) events.event('Pulled', 'Warning', warning);
    events.event('Pulled', 'Normal', `Python environment is ready: ${prepared.python}`);
    events.step('UserContainerImagePull', 'Succeeded');
    return prepared;
  } catch (error) {
    events.event('Failed', 'Warning', messageOf(error));
    events.step('UserContainerImagePull', 'Failed');
    throw error;
  }
}

async function bringFiles(
  plan: DeploymentPlan,
  folders: RevisionFolders,
  events: EventLog,
  services: StartingServices,
): Promise<string> {
  const marker = path.join(folders.root, 'entry-script');
  const known = await readFile(marker, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  events.step('ModelDownload', 'InProgress');
  events.event('Downloading', 'Normal', 'Start downloading models and code');
  try {
    await services.storageReady;
    const entryScript = await materialise(plan, folders, services.storage);
    await writeFile(`${marker}.new`, entryScript);
    await rename(`${marker}.new`, marker);
    events.event('Downloaded', 'Normal', 'Models and code are downloaded');
    events.step('ModelDownload', 'Succeeded');
    return entryScript;
  } catch (error) {
    appendFileSync(folders.initializerLog, `${services.now().toISOString()} ${messageOf(error)}\n`);
    events.event('Failed', 'Warning', messageOf(error));
    events.step('ModelDownload', 'Failed');
    throw error;
  }
}
