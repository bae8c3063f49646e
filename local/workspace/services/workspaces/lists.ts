import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { failure } from '../../server/failures.ts';
import { workspaceResource } from './details.ts';

/** All workspaces of the process by resource group and by subscription; and what ARM itself knows of both. */
export function listsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const subscription = '/subscriptions/:subscriptionId' as const;
  const group = `${subscription}/resourceGroups/:group` as const;
  for (const scope of [group, subscription] as const)
    app.get(`${scope}/providers/Microsoft.MachineLearningServices/workspaces`, (request) =>
      request.json({ value: context.served.all().map(workspaceResource) }),
    );
  app.get('/subscriptions', (request) => request.json({ value: [subscriptionResource(context)] }));
  app.get(subscription, (request) => request.json(subscriptionResource(context)));
  app.get(`${subscription}/resourceGroups`, (request) => request.json({ value: [groupResource(context)] }));
  app.get(group, (request) => request.json(groupResource(context)));
  return app;
}

/** The discovery document, which clients read without a token to find the data planes. */
export function discoveryRoutes({ served, urls }: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get('/discovery/workspaces/:id', (request) => {
    if (served.withId(request.req.param('id')) === undefined) {
      throw failure(
        404,
        'ResourceNotFound',
        `There is no workspace with the id '${request.req.param('id')}'.`,
      );
    }
    const names = ['api', 'history', 'experimentation', 'metrics', 'modelmanagement', 'notebooks', 'studio'];
    return request.json(Object.fromEntries(names.map((name) => [name, urls.api])));
  });
  return app;
}

function subscriptionResource({ identity }: WorkspaceContext): object {
  return {
    id: `/subscriptions/${identity.subscriptionId}`,
    subscriptionId: identity.subscriptionId,
    tenantId: identity.tenantId,
    displayName: 'Embedded workspace',
    state: 'Enabled',
  };
}

function groupResource({ identity }: WorkspaceContext): object {
  return {
    id: `/subscriptions/${identity.subscriptionId}/resourceGroups/${identity.resourceGroup}`,
    name: identity.resourceGroup,
    type: 'Microsoft.Resources/resourceGroups',
    location: identity.location,
    properties: { provisioningState: 'Succeeded' },
  };
}
