import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { workspacePath } from '../../server/paths.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces';

/** The one workspace, alone and in the lists by resource group and by subscription. */
export function workspacesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const list = { value: [workspaceResource(context)] };
  app.get(workspacePath, (request) => request.json(workspaceResource(context)));
  app.get(
    '/subscriptions/:subscriptionId/resourceGroups/:group/providers/Microsoft.MachineLearningServices/workspaces',
    (request) => request.json(list),
  );
  app.get(
    '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/workspaces',
    (request) => request.json(list),
  );
  return app;
}

function workspaceResource({ identity, urls }: WorkspaceContext): object {
  const id = workspaceId(identity);
  return {
    id,
    name: identity.workspaceName,
    type: TYPE,
    location: identity.location,
    tags: {},
    properties: {
      friendlyName: identity.workspaceName,
      workspaceId: identity.workspaceId,
      discoveryUrl: `${urls.api}/discovery/workspaces/${identity.workspaceId}`,
      mlFlowTrackingUri: `azureml://${new URL(urls.api).host}/mlflow/v1.0${id}`,
      provisioningState: 'Succeeded',
    },
  };
}
