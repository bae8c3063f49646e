import type { TokenCredential } from '@azure/core-auth';
import { createPipelineFromOptions, type HttpClient } from '@azure/core-rest-pipeline';
import type { AssetServices } from './assets/index.ts';
import { createArm, type Arm, type RequestOptions } from './connect/arm.ts';
import { cloudOf, type Cloud } from './connect/cloud.ts';
import { createCredential, type SignIn } from './connect/credential.ts';
import { problemFromError } from './connect/failure.ts';
import { createTransport, type Network } from './connect/transport.ts';
import { assetServices } from './resources/assetServices.ts';
import { createBlobs, type Blobs } from './resources/blobs.ts';
import { createDatastores, type Datastores } from './resources/datastores.ts';
import { createEndpoints, type Endpoints } from './resources/endpoints.ts';
import { createJobs, type Jobs } from './resources/jobs.ts';
import { createLogReader, type LogReader } from './resources/logs.ts';
import { createModels, type Models } from './resources/models.ts';
import { createRegistry, type Registry } from './resources/registries.ts';
import { createRuns, type Runs } from './resources/runs.ts';
import { createWorkspaces, type Workspaces } from './resources/workspaces.ts';

export interface WorkspaceScope {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspaceName: string;
}

export interface ConnectOptions {
  readonly connection: {
    readonly environment: string;
    readonly resourceManagerUrl: string;
    readonly authorityUrl?: string;
    readonly signIn: SignIn;
  };
  readonly scope: WorkspaceScope;
  readonly network: Network;
  /** Put before the SDK's own user agent, such as `azureml-delivery/1.0.0 TrainModel`. */
  readonly userAgent: string;
  /** One line per answer of the service, with its request ids; for the debug log. */
  readonly onAnswer?: (line: string) => void;
}

/** One workspace of Azure Machine Learning, as a task uses it. */
export interface AzureML {
  readonly scope: WorkspaceScope;
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly cloud: Cloud;
  readonly arm: Arm;
  /** Signs in before anything is asked for; later requests find the token. */
  readonly signIn: (options?: RequestOptions) => Promise<void>;
  readonly httpClient: HttpClient;
  readonly workspace: Workspaces;
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly models: Models;
  /** A registry by its name, in the workspace's subscription, and in its resource group unless another one is named. */
  readonly registry: (name: string, resourceGroup?: string) => Registry;
  readonly endpoints: Endpoints;
  readonly datastores: Datastores;
  readonly blobs: Blobs;
  readonly assets: AssetServices;
  readonly newLogReader: () => LogReader;
}

/** Prepares the client; nothing is sent before the first call. */
export function connect(options: ConnectOptions): AzureML {
  const { scope } = options;
  const cloud = cloudOf(options.connection);
  const transport = createTransport(options.network);
  const { httpClient } = transport;
  const credential = createCredential(options.connection.signIn, cloud, transport);
  const workspaceId = workspaceIdOf(scope);
  const arm = createArm({
    cloud,
    subscriptionId: scope.subscriptionId,
    credential,
    httpClient,
    ...pick(options),
  });
  const workspace = createWorkspaces(arm, workspaceId);
  const datastores = createDatastores(arm, workspaceId, {
    credential,
    transport,
    userAgent: options.userAgent,
  });
  const unsigned = createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: options.userAgent } });
  return {
    scope,
    workspaceId,
    cloud,
    arm,
    signIn: async (options) => void (await tokenFor(credential, cloud.scope, 'Signing in', options)),
    httpClient,
    workspace,
    datastores,
    jobs: createJobs(arm, workspaceId),
    runs: createRuns(arm, workspaceId, workspace),
    models: createModels(arm, workspaceId),
    registry: (name, resourceGroup = scope.resourceGroup) =>
      createRegistry(arm, registryIdOf({ ...scope, resourceGroup }, name), datastores),
    endpoints: createEndpoints(arm, workspaceId, scoringSignIn(credential, cloud)),
    blobs: createBlobs(datastores),
    assets: assetServices({ arm, workspaceId, datastores }),
    newLogReader: () => createLogReader(unsigned, httpClient),
  };
}

function pick(options: ConnectOptions): Pick<ConnectOptions, 'userAgent' | 'onAnswer'> {
  return { userAgent: options.userAgent, ...(options.onAnswer && { onAnswer: options.onAnswer }) };
}

/** Signs in to the service itself, as callers of an endpoint do. */
function scoringSignIn(
  credential: TokenCredential,
  { scoringScope }: Cloud,
): (options?: RequestOptions) => Promise<string> {
  return (options) => tokenFor(credential, scoringScope, 'Signing in for scoring', options);
}

async function tokenFor(
  credential: TokenCredential,
  scope: string,
  what: string,
  { abortSignal }: RequestOptions = {},
): Promise<string> {
  try {
    const token = await credential.getToken(scope, abortSignal ? { abortSignal } : {});
    return token?.token ?? '';
  } catch (error) {
    throw problemFromError(what, error);
  }
}

function workspaceIdOf(scope: WorkspaceScope): string {
  return `${groupIdOf(scope)}/providers/Microsoft.MachineLearningServices/workspaces/${scope.workspaceName}`;
}

function registryIdOf(scope: WorkspaceScope, registry: string): string {
  return `${groupIdOf(scope)}/providers/Microsoft.MachineLearningServices/registries/${registry}`;
}

function groupIdOf(scope: WorkspaceScope): string {
  return `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}`;
}
