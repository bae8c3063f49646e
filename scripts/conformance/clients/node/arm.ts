/** `@azure/arm-machinelearning`: every group read, assets and an endpoint made and removed. Told by environment variables only. */
import { AzureMachineLearningWorkspaces, type OnlineEndpoint } from '@azure/arm-machinelearning';
import { DefaultAzureCredential } from '@azure/identity';
import { onlineDeployments } from './deployments.ts';
import { instances } from './instances.ts';
import { all, Life } from './life.ts';

const variable = (name: string): string => process.env[name] ?? '';
const [group, workspace] = [variable('AZURE_RESOURCE_GROUP'), variable('AZUREML_WORKSPACE')];
const client = new AzureMachineLearningWorkspaces(
  new DefaultAzureCredential(),
  variable('AZURE_SUBSCRIPTION_ID'),
  { endpoint: variable('AZURE_RESOURCE_MANAGER_URL') },
);
const life = new Life('@azure/arm-machinelearning');
const fast = { updateIntervalInMs: 200 };
const where = [group, workspace] as const;

await workspaces();
await assets();
await scheduling();
await endpoints();
await batch();
await schedules();
await connections();
await others();
for (const [name, operations] of groups()) life.rest(name, operations);

async function workspaces(): Promise<void> {
  const name = 'workspaces';
  await life.step(name, 'get', () => client.workspaces.get(...where));
  await life.step(name, 'listByResourceGroup', () => all(client.workspaces.listByResourceGroup(group)));
  await life.step(name, 'listBySubscription', () => all(client.workspaces.listBySubscription()));
  await life.step(name, 'listKeys', () => client.workspaces.listKeys(...where));
  await life.step(name, 'listStorageAccountKeys', () => client.workspaces.listStorageAccountKeys(...where));
  await life.step(name, 'beginResyncKeysAndWait', () =>
    client.workspaces.beginResyncKeysAndWait(...where, fast),
  );
  await life.step(name, 'beginDiagnoseAndWait', () => client.workspaces.beginDiagnoseAndWait(...where, fast));
  const body = { location: 'local', identity: { type: 'SystemAssigned' } };
  const beside = [group, 'another'] as const;
  await life.step(name, 'beginCreateOrUpdateAndWait', () =>
    client.workspaces.beginCreateOrUpdateAndWait(...beside, body, fast),
  );
  await life.step(name, 'beginUpdateAndWait', () =>
    client.workspaces.beginUpdateAndWait(...beside, { description: 'new' }, fast),
  );
  await life.step(name, 'beginDeleteAndWait', () => client.workspaces.beginDeleteAndWait(...beside, fast));
  const none = { refused: 'the embedded workspace has no notebooks' };
  await life.step(name, 'listNotebookKeys', () => client.workspaces.listNotebookKeys(...where), none);
  await life.step(
    name,
    'listNotebookAccessToken',
    () => client.workspaces.listNotebookAccessToken(...where),
    none,
  );
  await life.step(
    name,
    'beginPrepareNotebookAndWait',
    () => client.workspaces.beginPrepareNotebookAndWait(...where, fast),
    none,
  );
  await life.step(name, 'listOutboundNetworkDependenciesEndpoints', () =>
    client.workspaces.listOutboundNetworkDependenciesEndpoints(...where),
  );
  await life.step('operations', 'list', () => all(client.operations.list()));
  await life.step('workspaceFeatures', 'list', () => all(client.workspaceFeatures.list(...where)));
  await life.step('usages', 'list', () => all(client.usages.list('local')));
  await life.step('virtualMachineSizes', 'list', () => client.virtualMachineSizes.list('local'));
  await life.step('quotas', 'list', () => all(client.quotas.list('local')));
  await life.step('quotas', 'update', () => client.quotas.update('local', {}), {
    refused: 'the limits are those of the service',
  });
}

async function assets(): Promise<void> {
  const uri = 'azureml://datastores/workspaceblobstore/paths/some';
  const { codeVersions, dataVersions, environmentVersions, modelVersions, componentVersions } = client;
  await life.step('codeVersions', 'createOrUpdate', () =>
    codeVersions.createOrUpdate(...where, 'c', '1', {
      properties: { codeUri: `${variable('AZURE_STORAGE_ACCOUNT_URL')}/x/y` },
    }),
  );
  await life.step('dataVersions', 'createOrUpdate', () =>
    dataVersions.createOrUpdate(...where, 'd', '1', { properties: { dataType: 'uri_folder', dataUri: uri } }),
  );
  await life.step('environmentVersions', 'createOrUpdate', () =>
    environmentVersions.createOrUpdate(...where, 'e', '1', {
      properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04' },
    }),
  );
  await life.step('modelVersions', 'createOrUpdate', () =>
    modelVersions.createOrUpdate(...where, 'm', '1', {
      properties: { modelUri: uri, modelType: 'custom_model' },
    }),
  );
  await life.step('componentVersions', 'createOrUpdate', () =>
    componentVersions.createOrUpdate(...where, 'k', '1', {
      properties: {
        componentSpec: {
          name: 'k',
          version: '1',
          type: 'command',
          command: 'true',
          environment: 'azureml:e:1',
        },
      },
    }),
  );
  const kinds = { code: 'c', data: 'd', environment: 'e', model: 'm', component: 'k' } as const;
  for (const [kind, name] of Object.entries(kinds) as [keyof typeof kinds, string][]) {
    const [versions, containers] = [client[`${kind}Versions`], client[`${kind}Containers`]];
    await life.step(`${kind}Versions`, 'get', async () => versions.get(...where, name, '1'));
    await life.step(`${kind}Versions`, 'list', () => all<unknown>(versions.list(...where, name)));
    await life.step(`${kind}Containers`, 'get', async () => containers.get(...where, name));
    await life.step(`${kind}Containers`, 'list', () => all<unknown>(containers.list(...where)));
    await life.step(`${kind}Containers`, 'createOrUpdate', async () =>
      containers.createOrUpdate(...where, name, {
        properties: { description: 'd', ...(kind === 'data' ? { dataType: 'uri_folder' } : {}) },
      } as never),
    );
    await life.step(`${kind}Versions`, 'delete', () => versions.delete(...where, name, '1'));
    await life.step(`${kind}Containers`, 'delete', () => containers.delete(...where, name));
  }
}

async function scheduling(): Promise<void> {
  const { datastores, computeOperations, jobs } = client;
  await life.step('datastores', 'createOrUpdate', () =>
    datastores.createOrUpdate(...where, 'other', {
      properties: {
        datastoreType: 'AzureBlob',
        accountName: 'account',
        containerName: 'container',
        credentials: { credentialsType: 'None' },
      },
    }),
  );
  await life.step('datastores', 'get', () => datastores.get(...where, 'other'));
  await life.step('datastores', 'list', () => all(datastores.list(...where)));
  await life.step('datastores', 'listSecrets', () => datastores.listSecrets(...where, 'workspaceblobstore'));
  await life.step('datastores', 'delete', () => datastores.delete(...where, 'other'));
  const cluster = {
    location: 'local',
    properties: {
      computeType: 'AmlCompute' as const,
      properties: { vmSize: 'Standard_DS3_v2', scaleSettings: { maxNodeCount: 2, minNodeCount: 0 } },
    },
  };
  const compute = 'computeOperations';
  await life.step(compute, 'beginCreateOrUpdateAndWait', () =>
    computeOperations.beginCreateOrUpdateAndWait(...where, 'nodes', cluster, fast),
  );
  await life.step(compute, 'get', () => computeOperations.get(...where, 'nodes'));
  await life.step(compute, 'list', () => all(computeOperations.list(...where)));
  await life.step(compute, 'listNodes', () => all(computeOperations.listNodes(...where, 'nodes')));
  await life.step(compute, 'beginUpdateAndWait', () =>
    computeOperations.beginUpdateAndWait(
      ...where,
      'nodes',
      { properties: { scaleSettings: { maxNodeCount: 3 } } },
      fast,
    ),
  );
  await life.step(compute, 'beginDeleteAndWait', () =>
    computeOperations.beginDeleteAndWait(...where, 'nodes', 'Delete', fast),
  );
  await instances(life, client, where);
  await environmentFor();
  const command = {
    jobType: 'Command' as const,
    command: 'sleep 300',
    environmentId: `${idOf()}/environments/plain/versions/1`,
    computeId: `${idOf()}/computes/cpu-cluster`,
    inputs: { word: { jobInputType: 'literal' as const, value: 'x' } },
  };
  await life.step('jobs', 'createOrUpdate', () =>
    jobs.createOrUpdate(...where, 'js-job', { properties: command }),
  );
  await life.step('jobs', 'get', () => jobs.get(...where, 'js-job'));
  await life.step('jobs', 'list', () => all(jobs.list(...where)));
  await life.step('jobs', 'beginCancelAndWait', () => jobs.beginCancelAndWait(...where, 'js-job', fast));
  await life.step('jobs', 'beginDeleteAndWait', async () => {
    while (!/Canceled|Completed/.test((await jobs.get(...where, 'js-job')).properties.status ?? ''))
      await new Promise((resolve) => setTimeout(resolve, 200));
    await jobs.beginDeleteAndWait(...where, 'js-job', fast);
  });
}

async function environmentFor(): Promise<void> {
  await client.environmentVersions.createOrUpdate(...where, 'plain', '1', {
    properties: { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04' },
  });
}

function idOf(): string {
  return `/subscriptions/${variable('AZURE_SUBSCRIPTION_ID')}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}

async function endpoints(): Promise<void> {
  const { onlineEndpoints } = client;
  const body: OnlineEndpoint = {
    location: 'local',
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  };
  const name = 'js-endpoint';
  const put = 'beginCreateOrUpdateAndWait';
  await life.step('onlineEndpoints', put, () => onlineEndpoints[put](...where, name, body, fast));
  await life.step('onlineEndpoints', 'get', () => onlineEndpoints.get(...where, name));
  await life.step('onlineEndpoints', 'list', () => all(onlineEndpoints.list(...where)));
  await life.step('onlineEndpoints', 'listKeys', () => onlineEndpoints.listKeys(...where, name));
  await life.step('onlineEndpoints', 'beginRegenerateKeysAndWait', () =>
    onlineEndpoints.beginRegenerateKeysAndWait(...where, name, { keyType: 'Primary' }, fast),
  );
  await life.step('onlineEndpoints', 'beginUpdateAndWait', () =>
    onlineEndpoints.beginUpdateAndWait(...where, name, { tags: { a: 'b' } }, fast),
  );
  await life.step('onlineEndpoints', 'getToken', () => onlineEndpoints.getToken(...where, name), {
    refused: 'an endpoint with keys has no token',
  });
  const accountUrl = variable('AZURE_STORAGE_ACCOUNT_URL');
  await onlineDeployments(life, { client, where, workspaceId: idOf(), accountUrl }, name);
  await life.step('onlineEndpoints', 'beginDeleteAndWait', () =>
    onlineEndpoints.beginDeleteAndWait(...where, name, fast),
  );
}

async function batch(): Promise<void> {
  const { batchEndpoints, batchDeployments, modelVersions } = client;
  const [put, name] = ['beginCreateOrUpdateAndWait', 'js-batch'] as const;
  const body = { location: 'local', properties: { authMode: 'Key' } };
  await life.step('batchEndpoints', put, () => batchEndpoints[put](...where, name, body, fast));
  await life.step('batchEndpoints', 'get', () => batchEndpoints.get(...where, name));
  await life.step('batchEndpoints', 'list', () => all(batchEndpoints.list(...where)));
  await life.step('batchEndpoints', 'listKeys', () => batchEndpoints.listKeys(...where, name));
  await life.step('batchEndpoints', 'beginUpdateAndWait', () =>
    batchEndpoints.beginUpdateAndWait(...where, name, { tags: { a: 'b' } }, fast),
  );
  await modelVersions.createOrUpdate(...where, 'for-batch', '1', {
    properties: {
      modelUri: 'azureml://datastores/workspaceblobstore/paths/some',
      modelType: 'mlflow_model',
    },
  });
  const deployment = {
    location: 'local',
    properties: {
      compute: `${idOf()}/computes/cpu-cluster`,
      model: { referenceType: 'Id' as const, assetId: `${idOf()}/models/for-batch/versions/1` },
      retrySettings: { maxRetries: 1, timeout: 'PT1M' },
    },
  };
  const at = [...where, name, 'only'] as const;
  await life.step('batchDeployments', put, () => batchDeployments[put](...at, deployment, fast));
  await life.step('batchDeployments', 'get', () => batchDeployments.get(...at));
  await life.step('batchDeployments', 'list', () => all(batchDeployments.list(...where, name)));
  await life.step('batchDeployments', 'beginUpdateAndWait', () =>
    batchDeployments.beginUpdateAndWait(...at, { properties: { description: 'd' } }, fast),
  );
  await life.step('batchDeployments', 'beginDeleteAndWait', () =>
    batchDeployments.beginDeleteAndWait(...at, fast),
  );
  await life.step('batchEndpoints', 'beginDeleteAndWait', () =>
    batchEndpoints.beginDeleteAndWait(...where, name, fast),
  );
}

/** A schedule that only a clock that is moved would run. */
async function schedules(): Promise<void> {
  const name = 'js-schedule';
  const jobDefinition = {
    jobType: 'Command' as const,
    command: 'echo',
    environmentId: `${idOf()}/environments/plain/versions/1`,
    computeId: `${idOf()}/computes/cpu-cluster`,
  };
  const body = (isEnabled: boolean) => ({
    properties: {
      isEnabled,
      trigger: { triggerType: 'Cron' as const, expression: '0 3 * * *' },
      action: { actionType: 'CreateJob' as const, jobDefinition },
    },
  });
  const put = (isEnabled: boolean) =>
    client.schedules.beginCreateOrUpdateAndWait(...where, name, body(isEnabled), fast);
  await life.step('schedules', 'beginCreateOrUpdateAndWait', () => put(true));
  await life.step('schedules', 'get', () => client.schedules.get(...where, name));
  await life.step('schedules', 'list', () => all(client.schedules.list(...where)));
  await life.step('schedules', 'beginDeleteAndWait', async () => {
    await put(false);
    await client.schedules.beginDeleteAndWait(...where, name, fast);
  });
}

async function connections(): Promise<void> {
  const group = client.workspaceConnections;
  const properties = {
    authType: 'None' as const,
    category: 'PythonFeed',
    target: 'https://example.org/feed',
  };
  await life.step('workspaceConnections', 'create', () => group.create(...where, 'feed', { properties }));
  await life.step('workspaceConnections', 'get', () => group.get(...where, 'feed'));
  await life.step('workspaceConnections', 'list', () => all(group.list(...where)));
  await life.step('workspaceConnections', 'delete', () => group.delete(...where, 'feed'));
}

/** What one machine has no use for. */
async function others(): Promise<void> {
  const refused = { refused: 'there is no private network on one machine' };
  await life.step(
    'privateEndpointConnections',
    'list',
    () => all(client.privateEndpointConnections.list(...where)),
    refused,
  );
  await life.step('privateLinkResources', 'list', () => client.privateLinkResources.list(...where), refused);
}

/** The client's own groups and what each offers; a long operation counts once, in the form that waits. */
function groups(): [string, string[]][] {
  return Object.entries(client).flatMap(([name, value]) => {
    const prototype: unknown =
      typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
    if (!prototype || !/Impl\d*$/.test(prototype.constructor.name)) return [];
    const operations = Object.getOwnPropertyNames(prototype).filter(
      (one) =>
        !/^_|^constructor$|Paging(?:Page|All)$/.test(one) &&
        (!one.startsWith('begin') || one.endsWith('AndWait')),
    );
    return [[name, operations] as [string, string[]]];
  });
}
