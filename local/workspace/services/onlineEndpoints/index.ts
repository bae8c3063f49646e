import type { WorkspaceService } from '../../context.ts';
import { onlineOf } from './online.ts';
import { onlineEndpointsRoutes } from './routes.ts';
import { bringBack } from './restart.ts';
import { settingsRoutes } from './settingsRoutes.ts';

/** Online endpoints and deployments; the processes live and die with the service. */
export const onlineEndpoints: WorkspaceService = {
  name: 'onlineEndpoints',
  routes: onlineEndpointsRoutes,
  adminRoutes: settingsRoutes,
  start: (context) => bringBack(onlineOf(context)),
  stop: (context) => onlineOf(context).stop(),
};
