import type { WorkspaceService } from '../context.ts';
import { admin } from '../services/admin/index.ts';
import { resolvedUriRoutes } from '../services/artifacts/resolvedUris.ts';
import { artifactsRoutes } from '../services/artifacts/routes.ts';
import { assetBytes } from '../services/assets/lostBytes.ts';
import { batchEndpointsRoutes } from '../services/batchEndpoints/routes.ts';
import { batchJobLists, batchScoring } from '../services/batchScoring/index.ts';
import { codesRoutes } from '../services/codes/routes.ts';
import { componentsRoutes } from '../services/components/routes.ts';
import { computesRoutes } from '../services/computes/routes.ts';
import { seedComputes } from '../services/computes/seed.ts';
import { connectionsRoutes } from '../services/connections/routes.ts';
import { dataRoutes } from '../services/data/routes.ts';
import { datastoresRoutes } from '../services/datastores/routes.ts';
import { environmentsRoutes } from '../services/environments/routes.ts';
import { eventSubscriptions, eventValidation } from '../services/eventSubscriptions/index.ts';
import { jobsService } from '../services/jobs/service.ts';
import { metricsRoutes } from '../services/metrics/routes.ts';
import { mlflowRoutes } from '../services/mlflow/routes.ts';
import { sharedModelsRoutes } from '../services/mlflow/sharedRoutes.ts';
import { modelsRoutes } from '../services/models/routes.ts';
import { monitor } from '../services/monitor/index.ts';
import { onlineEndpoints } from '../services/onlineEndpoints/index.ts';
import { scoring } from '../services/scoring/index.ts';
import { notOfferedRoutes } from '../services/notOffered/routes.ts';
import { registries } from '../services/registries/index.ts';
import { runsRoutes } from '../services/runs/routes.ts';
import { schedules } from '../services/schedules/index.ts';
import { subscriptionRoutes } from '../services/subscription/routes.ts';
import { signinRoutes } from '../services/signin/routes.ts';
import { discoveryRoutes, listsRoutes } from '../services/workspaces/lists.ts';
import { makingRoutes } from '../services/workspaces/making.ts';
import { workspacesRoutes } from '../services/workspaces/routes.ts';

/** Every emulated service, in the order its routes are tried. Adding one is one line here. */
export const services: readonly WorkspaceService[] = [
  admin,
  { name: 'signin', routes: signinRoutes, ownSignIn: true, once: true },
  { name: 'discovery', routes: discoveryRoutes, ownSignIn: true, once: true },
  eventValidation,
  { name: 'workspaces', routes: workspacesRoutes },
  { name: 'workspaceLists', routes: listsRoutes, once: true },
  { name: 'workspaceMaking', routes: makingRoutes, once: true },
  eventSubscriptions,
  { name: 'subscription', routes: subscriptionRoutes, once: true },
  { name: 'datastores', routes: datastoresRoutes },
  { name: 'codes', routes: codesRoutes },
  { name: 'environments', routes: environmentsRoutes },
  { name: 'data', routes: dataRoutes },
  { name: 'models', routes: modelsRoutes },
  { name: 'components', routes: componentsRoutes },
  assetBytes,
  registries,
  { name: 'connections', routes: connectionsRoutes },
  { name: 'computes', routes: computesRoutes, prepare: seedComputes },
  onlineEndpoints,
  scoring,
  { name: 'batchEndpoints', routes: batchEndpointsRoutes },
  batchScoring,
  batchJobLists,
  monitor,
  jobsService,
  schedules,
  { name: 'runs', routes: runsRoutes },
  { name: 'metrics', routes: metricsRoutes },
  { name: 'mlflow', routes: mlflowRoutes },
  { name: 'sharedModels', routes: sharedModelsRoutes, once: true },
  { name: 'artifacts', routes: artifactsRoutes },
  { name: 'resolvedUris', routes: resolvedUriRoutes },
  { name: 'notOffered', routes: notOfferedRoutes },
];
