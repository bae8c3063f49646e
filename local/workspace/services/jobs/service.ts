import type { WorkspaceService } from '../../context.ts';
import { engineOf } from './engines.ts';
import { jobsRoutes } from './routes.ts';

/** Jobs, and the engine that runs them. */
export const jobsService: WorkspaceService = {
  name: 'jobs',
  routes: jobsRoutes,
  prepare: (context) => engineOf(context).recover(),
  isBusy: (context) => engineOf(context).isBusy(),
  start: (context) => engineOf(context).start(),
  stop: (context) => engineOf(context).stop(),
};
