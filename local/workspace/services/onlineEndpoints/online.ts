import type { BeginOperation, WorkspaceContext } from '../../context.ts';
import { prepareEnvironment } from '../../engine/environments/index.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { workspaceAssets, type Places } from '../../engine/jobs/references/index.ts';
import { Fleet, type StartingServices } from '../../engine/scoring/index.ts';
import { findCompute } from '../computes/find.ts';
import { onlineDocuments, type EndpointKeys, type OnlineDocuments } from './documents.ts';
import { onlineSettings, type OnlineSettings } from './settings.ts';

interface OneEndpoint {
  readonly endpoint: string;
}

export interface OneDeployment extends OneEndpoint {
  readonly deployment: string;
}

/** The long-running work of online endpoints, by the names of what it is done to. */
export interface OnlineOperations {
  readonly putEndpoint: BeginOperation<OneEndpoint>;
  readonly deleteEndpoint: BeginOperation<OneEndpoint>;
  readonly changeKeys: BeginOperation<OneEndpoint & { readonly keys: Partial<EndpointKeys> }>;
  readonly putDeployment: BeginOperation<OneDeployment>;
  readonly deleteDeployment: BeginOperation<OneDeployment>;
}

/** What the online services of one workspace share: documents, running deployments, and what starting one needs. */
export interface Online {
  readonly context: WorkspaceContext;
  readonly documents: OnlineDocuments;
  readonly fleet: Fleet;
  readonly places: Places;
  /** Given by the service when its routes are made, before any request comes. */
  begin: OnlineOperations;
  hasKubernetesCompute(name: string): boolean;
  settings(): OnlineSettings;
  /**
   * Runs work that ends when the workspace stops. What is cut off then has no outcome yet, so its promise stays open:
   * the next start carries the work on.
   */
  work(task: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Whether the workspace is ending: nothing may be written or started any more. */
  isStopping(): boolean;
  stop(): Promise<void>;
  starting(): StartingServices;
}

const tooEarly = (): Promise<never> =>
  Promise.reject(new Error('No operation begins before the routes are made.'));
const NOT_YET: OnlineOperations = {
  putEndpoint: tooEarly,
  deleteEndpoint: tooEarly,
  changeKeys: tooEarly,
  putDeployment: tooEarly,
  deleteDeployment: tooEarly,
};

const known = new WeakMap<WorkspaceContext, Online>();

/** The same object for every service of one workspace: router, control plane and monitor see the same processes. */
export function onlineOf(context: WorkspaceContext): Online {
  const online = known.get(context) ?? createOnline(context);
  known.set(context, online);
  return online;
}

function createOnline(context: WorkspaceContext): Online {
  const settings = () => onlineSettings(context.store);
  const fleet = new Fleet();
  const stopping = new AbortController();
  const tasks = new Set<Promise<unknown>>();
  return {
    context,
    documents: onlineDocuments(context.store),
    fleet,
    begin: NOT_YET,
    places: {
      storage: context.storage,
      assets: workspaceAssets(context),
      records: recordsIn(context.store),
    },
    hasKubernetesCompute: (name) => findCompute(context, name)?.computeType === 'Kubernetes',
    settings,
    isStopping: () => stopping.signal.aborted,
    work: async (task) => {
      const running = stopping.signal.aborted ? Promise.resolve() : task(stopping.signal);
      tasks.add(running);
      try {
        await running;
      } finally {
        tasks.delete(running);
        if (stopping.signal.aborted) await new Promise<never>(() => {});
      }
    },
    stop: async () => {
      stopping.abort();
      await fleet.stop();
      await Promise.allSettled(tasks);
    },
    starting: () => ({
      signal: stopping.signal,
      storage: context.storage,
      storageReady: context.storageReady,
      deploymentsFolder: context.folders.deployments,
      environmentsFolder: context.folders.environments,
      prepareEnvironment: async (request, options) => {
        await context.faults.beforeImageBuild(context.clock, options.signal);
        return prepareEnvironment(request, options);
      },
      now: () => context.clock.now(),
      restarts: { crashLimit: settings().crashLimit, backoffInMs: settings().restartBackoffInMs },
    }),
  };
}
