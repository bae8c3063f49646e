import { Hono } from 'hono';
import type { WorkspaceEnv, WorkspaceService } from '../../context.ts';
import { clockRoutes } from './clockRoutes.ts';
import { faultRoutes } from './faultRoutes.ts';

/** What only this machine's workspace has: a clock that can be moved, and faults on request. */
export const admin: WorkspaceService = {
  name: 'admin',
  once: true,
  routes: () => new Hono<WorkspaceEnv>(),
  adminRoutes: (context) =>
    new Hono<WorkspaceEnv>().route('/', clockRoutes(context)).route('/', faultRoutes(context)),
};
