import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { isObject, readBody, type Json } from '../../server/bodies.ts';
import { failure, userError } from '../../server/failures.ts';
import { workspacePath } from '../../server/paths.ts';
import { systemData } from '../../server/stamps.ts';
import type { Collection } from '../../store/store.ts';
import { storageAccountId } from '../datastores/builtIn.ts';

/** Under which the one workspace keeps its own. */
const KEY = 'own';

const TYPE = 'Microsoft.MachineLearningServices/workspaces';

/** What a workspace is examined for; nothing of it concerns one on this machine. */
const NO_FINDINGS = {
  userDefinedRouteResults: [],
  networkSecurityRuleResults: [],
  resourceLockResults: [],
  dnsResolutionResults: [],
  storageAccountResults: [],
  keyVaultResults: [],
  containerRegistryResults: [],
  applicationInsightsResults: [],
  otherResults: [],
};

/** The one workspace, alone and in the lists by resource group and by subscription; and what ARM itself knows of both. */
export function workspacesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const subscription = '/subscriptions/:subscriptionId' as const;
  const group = `${subscription}/resourceGroups/:group` as const;
  app.get(workspacePath, (request) => request.json(workspaceResource(context)));
  app.get(`${group}/providers/Microsoft.MachineLearningServices/workspaces`, (request) =>
    request.json({ value: [workspaceResource(context)] }),
  );
  app.get(`${subscription}/providers/Microsoft.MachineLearningServices/workspaces`, (request) =>
    request.json({ value: [workspaceResource(context)] }),
  );
  app.post(`${workspacePath}/listKeys`, (request) => request.json(storageKeys(context)));
  app.post(`${workspacePath}/listStorageAccountKeys`, (request) =>
    request.json({ userStorageKey: context.storage.accountKey }),
  );
  app.on(['PUT', 'DELETE'], workspacePath, () => {
    throw madeAtStart();
  });
  app.patch(workspacePath, async (request) => {
    await changeNetworkAccess(context, await readBody(request));
    return request.json(workspaceResource(context));
  });
  // azure-ai-ml makes a workspace by a template of resources.
  app.put(`${group}/providers/Microsoft.Resources/deployments/:name`, () => {
    throw madeAtStart();
  });
  // The keys are its own: there is no copy of them to bring up to date.
  app.post(`${workspacePath}/resyncKeys`, (request) => request.body(null, 200));
  app.post(`${workspacePath}/diagnose`, (request) => request.json({ value: NO_FINDINGS }));
  app.get(`${workspacePath}/features`, (request) => request.json({ value: [] }));
  app.get(`${workspacePath}/outboundNetworkDependenciesEndpoints`, (request) => request.json({ value: [] }));
  for (const action of ['listNotebookKeys', 'listNotebookAccessToken', 'prepareNotebook'] as const) {
    app.post(`${workspacePath}/${action}`, () => {
      throw failure(400, 'UserError', 'The embedded workspace has no notebooks.');
    });
  }
  app.get('/subscriptions', (request) => request.json({ value: [subscriptionResource(context)] }));
  app.get(subscription, (request) => request.json(subscriptionResource(context)));
  app.get(`${subscription}/resourceGroups`, (request) => request.json({ value: [groupResource(context)] }));
  app.get(group, (request) => request.json(groupResource(context)));
  return app;
}

/** The discovery document, which clients read without a token to find the data planes. */
export function discoveryRoutes({ identity, urls }: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get('/discovery/workspaces/:id', (request) => {
    if (request.req.param('id') !== identity.workspaceId) {
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

type NetworkAccess = 'Enabled' | 'Disabled';

function networkAccessIn({ store }: WorkspaceContext): Collection<NetworkAccess> {
  return store.collection<NetworkAccess>('workspaceNetworkAccess');
}

/** The one member that may be changed: what the workspace says of its network. This machine reaches it either way. */
async function changeNetworkAccess(context: WorkspaceContext, body: Json): Promise<void> {
  const { properties, ...others } = body;
  const { publicNetworkAccess: access, ...more } = isObject(properties) ? properties : {};
  if (Object.keys({ ...others, ...more }).length > 0 || access === undefined) throw madeAtStart();
  if (access !== 'Enabled' && access !== 'Disabled')
    throw userError("'publicNetworkAccess' is either 'Enabled' or 'Disabled'.");
  await networkAccessIn(context).put(KEY, access);
}

function madeAtStart(): Error {
  return failure(
    409,
    'Conflict',
    'The embedded workspace is made when it is started and cannot be changed by a request.',
  );
}

function workspaceResource(context: WorkspaceContext): object {
  const { identity, urls, createdAt } = context;
  const id = workspaceId(identity);
  return {
    id,
    name: identity.workspaceName,
    type: TYPE,
    location: identity.location,
    tags: {},
    kind: 'Default',
    sku: { name: 'Basic', tier: 'Basic' },
    identity: { type: 'SystemAssigned', principalId: identity.workspaceId, tenantId: identity.tenantId },
    properties: {
      friendlyName: identity.workspaceName,
      description: 'An embedded workspace on one machine.',
      workspaceId: identity.workspaceId,
      tenantId: identity.tenantId,
      discoveryUrl: `${urls.api}/discovery/workspaces/${identity.workspaceId}`,
      mlFlowTrackingUri: `azureml://${new URL(urls.api).host}/mlflow/v1.0${id}`,
      storageAccount: storageAccountId(context),
      provisioningState: 'Succeeded',
      publicNetworkAccess: networkAccessIn(context).get(KEY) ?? 'Enabled',
      hbiWorkspace: false,
      v1LegacyMode: false,
    },
    systemData: systemData({
      createdAt,
      createdBy: 'workspace',
      modifiedAt: createdAt,
      modifiedBy: 'workspace',
    }),
  };
}

function storageKeys(context: WorkspaceContext): object {
  return { userStorageKey: context.storage.accountKey, userStorageArmId: storageAccountId(context) };
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
