import type { WorkspaceContext } from '../../context.ts';
import { prepareEnvironment } from '../../engine/environments/index.ts';
import type { Places } from '../../engine/jobs/references/index.ts';
import { Fleet, type StartingServices } from '../../engine/scoring/index.ts';
import { onlineDocuments, type OnlineDocuments } from './documents.ts';
import { isKubernetesCompute, placesOf } from './places.ts';
import { onlineSettings, type OnlineSettings } from './settings.ts';

/** What the online services of one workspace share: documents, running deployments, and what starting one needs. */
export interface Online {
  readonly context: WorkspaceContext;
  readonly documents: OnlineDocuments;
  readonly fleet: Fleet;
  readonly places: Places;
  hasKubernetesCompute(name: string): boolean;
  settings(): OnlineSettings;
  starting(): StartingServices;
}

const known = new WeakMap<WorkspaceContext, Online>();

/** The same object for every service of one workspace: router, control plane and monitor see the same processes. */
export function onlineOf(context: WorkspaceContext): Online {
  const online = known.get(context) ?? createOnline(context);
  known.set(context, online);
  return online;
}

function createOnline(context: WorkspaceContext): Online {
  const settings = () => onlineSettings(context.store);
  return {
    context,
    documents: onlineDocuments(context.store),
    fleet: new Fleet(),
    places: placesOf(context),
    hasKubernetesCompute: (name) => isKubernetesCompute(context, name),
    settings,
    starting: () => ({
      storage: context.storage,
      deploymentsFolder: context.folders.deployments,
      environmentsFolder: context.folders.environments,
      prepareEnvironment,
      now: () => context.clock.now(),
      restarts: { crashLimit: settings().crashLimit, backoffInMs: settings().restartBackoffInMs },
    }),
  };
}
