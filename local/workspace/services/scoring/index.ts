import type { WorkspaceService } from '../../context.ts';
import { scoringRoutes } from './routes.ts';

/** Where endpoints are called. Keys and tokens of endpoints are checked here, not tokens of the workspace. */
export const scoring: WorkspaceService = { name: 'scoring', routes: scoringRoutes, ownSignIn: true };
