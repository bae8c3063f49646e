import type { WorkspaceService } from '../context.ts';
import { signinRoutes } from '../services/signin/routes.ts';
import { workspacesRoutes } from '../services/workspaces/routes.ts';

/** Every emulated service, in the order its routes are tried. Adding one is one line here. */
export const services: readonly WorkspaceService[] = [
  { name: 'signin', routes: signinRoutes, ownSignIn: true },
  { name: 'workspaces', routes: workspacesRoutes },
];
