import type { WorkspaceService } from '../../context.ts';
import { monitorRoutes } from './routes.ts';
import { pruneTraffic, trafficOf } from './traffic.ts';

/** Azure Monitor's metrics for online endpoints. */
export const monitor: WorkspaceService = {
  name: 'monitor',
  routes: monitorRoutes,
  start: pruneTraffic,
  stop: (context) => trafficOf(context).close(),
};
