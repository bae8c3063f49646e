import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { isObject, readBody } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import type { AddedWorkspace } from '../../served/added.ts';
import type { Collection } from '../../store/store.ts';
import { answerPut } from '../onlineEndpoints/operationAnswers.ts';
import type { Make } from './make.ts';
import { workspaceIn } from './template.ts';

const GROUP = '/subscriptions/:subscriptionId/resourceGroups/:resourceGroupName';
const DEPLOYMENTS = `${GROUP}/providers/Microsoft.Resources/deployments` as const;

/** A template that was deployed. */
interface Deployment {
  readonly name: string;
  readonly workspaceName: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

/** azure-ai-ml makes a workspace by deploying a template, and follows what becomes of it. */
export function deploymentsRoutes(context: WorkspaceContext, make: Make): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const { served, clock } = context;
  const deployments = deploymentsIn(context);
  const now = () => clock.now().toISOString();
  const begin = context.operations.task<AddedWorkspace & { readonly deployment: string }>({
    name: 'templateDeployment',
    kind: 'td',
    work: async ({ deployment, workspaceId: id }) => {
      await served.withId(id)?.storageReady;
      await deployments.update(deployment, (current) => current && { ...current, endedAt: now() });
    },
  });
  app.put(`${DEPLOYMENTS}/:name`, async (request) => {
    const { properties } = await readBody(request);
    const { name: workspaceName, body } = workspaceIn(isObject(properties) ? properties : {});
    const deployment = { name: request.req.param('name'), workspaceName, startedAt: now() };
    const { statusUrl } = await make(workspaceName, body, request.get('caller'), (added, alongside) =>
      begin({ ...added, deployment: deployment.name }, (url) => {
        alongside?.(url);
        void deployments.put(deployment.name, deployment);
      }),
    );
    return answerPut(request, { created: true, statusUrl }, showDeployment(context, deployment));
  });
  app.get(`${DEPLOYMENTS}/:name`, (request) =>
    request.json(showDeployment(context, find(deployments, request.req.param('name')))),
  );
  // Resource Manager knows the list by a shorter path, too, and that is the one clients ask.
  for (const list of [`${DEPLOYMENTS}/:name/operations`, `${GROUP}/deployments/:name/operations`] as const)
    app.get(list, (request) =>
      request.json({ value: [showOperation(context, find(deployments, request.req.param('name')))] }),
    );
  return app;
}

function deploymentsIn({ store }: WorkspaceContext): Collection<Deployment> {
  return store.collection<Deployment>('templateDeployments');
}

function find(deployments: Collection<Deployment>, name: string): Deployment {
  const found = deployments.get(name);
  if (found) return found;
  throw failure(404, 'DeploymentNotFound', `Deployment '${name}' could not be found.`);
}

function showDeployment(context: WorkspaceContext, deployment: Deployment): object {
  return {
    id: idOf(context, deployment),
    name: deployment.name,
    type: 'Microsoft.Resources/deployments',
    properties: { mode: 'Incremental', ...progressOf(deployment) },
  };
}

/** The one thing a template makes here. */
function showOperation(context: WorkspaceContext, deployment: Deployment): object {
  const { identity } = context;
  const { workspaceName } = deployment;
  return {
    id: `${idOf(context, deployment)}/operations/workspace`,
    operationId: 'workspace',
    properties: {
      ...progressOf(deployment),
      provisioningOperation: 'Create',
      statusCode: deployment.endedAt === undefined ? 'Created' : 'OK',
      targetResource: {
        id: workspaceId({ ...identity, workspaceName }),
        resourceType: 'Microsoft.MachineLearningServices/workspaces',
        resourceName: workspaceName,
      },
    },
  };
}

function progressOf({ startedAt, endedAt }: Deployment): object {
  const lasted = Date.parse(endedAt ?? startedAt) - Date.parse(startedAt);
  return {
    provisioningState: endedAt === undefined ? 'Running' : 'Succeeded',
    timestamp: endedAt ?? startedAt,
    duration: `PT${(lasted / 1000).toFixed(3)}S`,
  };
}

function idOf({ identity }: WorkspaceContext, { name }: Deployment): string {
  const { subscriptionId, resourceGroup } = identity;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Resources/deployments/${name}`;
}
