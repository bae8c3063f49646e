import type { WorkspaceService } from '../../context.ts';
import { batchJobListRoutes } from './listing.ts';
import { batchScoringRoutes } from './routes.ts';

/** Where batch endpoints are invoked. Tokens for Azure ML are checked here, not those for the resource manager. */
export const batchScoring: WorkspaceService = {
  name: 'batchScoring',
  routes: batchScoringRoutes,
  ownSignIn: true,
};

/** Their jobs, listed by whoever may use the workspace. */
export const batchJobLists: WorkspaceService = { name: 'batchJobLists', routes: batchJobListRoutes };
