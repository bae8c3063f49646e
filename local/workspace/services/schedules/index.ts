import type { WorkspaceService } from '../../context.ts';
import { schedulesRoutes } from './routes.ts';
import { timerOf } from './timer.ts';

/** Schedules, and the timer that runs them. */
export const schedules: WorkspaceService = {
  name: 'schedules',
  routes: schedulesRoutes,
  // A workspace that nobody uses by day still runs what is due at night.
  isBusy: (context) => timerOf(context).isWaiting(),
  start: async (context) => timerOf(context).start(),
  stop: (context) => timerOf(context).stop(),
};
