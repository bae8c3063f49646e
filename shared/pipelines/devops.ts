import * as tl from 'azure-pipelines-task-lib/task.js';
import type {
  IRequestHandler,
  IRequestOptions,
} from 'azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js';
import type { ReleaseApi } from 'azure-devops-node-api/ReleaseApi.js';
import { agentNetwork, variable } from './agent.ts';

/** A GET below an address of Azure DevOps with the job's own token; no typed client has approvals of pipelines. */
export async function createGet(collection: string): Promise<<T>(path: string) => Promise<T | undefined>> {
  const { ClientApiBase } = await import('azure-devops-node-api/ClientApiBases.js');
  const base = collection.replace(/\/+$/, '');
  const api = new ClientApiBase(base, await handlers(), 'node-Build-api', requestOptions());
  return async (path) => {
    const { result } = await api.rest.get<unknown>(`${base}/${path}`);
    return (result ?? undefined) as never;
  };
}

/** The release a step runs in. */
export interface CurrentRelease {
  readonly project: string;
  readonly releaseId: number;
  /** The stage of this release. */
  readonly environmentId: number;
  /** Counts from 1; a stage that is deployed again has a higher one. */
  readonly attempt: number;
}

/** undefined outside classic releases. */
export function currentRelease(): CurrentRelease | undefined {
  const project = variable('System.TeamProjectId') ?? variable('System.TeamProject');
  const releaseId = Number(variable('Release.ReleaseId'));
  const host = variable('System.HostType')?.toLowerCase();
  if (!project || !(releaseId > 0) || host === 'build') return undefined;
  return {
    project,
    releaseId,
    environmentId: Number(variable('Release.EnvironmentId')),
    attempt: Number(variable('Release.AttemptNumber') ?? '1'),
  };
}

/** In a release the server's address is that of the release service. */
export async function openReleases(): Promise<ReleaseApi> {
  const { ReleaseApi: Api } = await import('azure-devops-node-api/ReleaseApi.js');
  const url = variable('System.TeamFoundationServerUri') ?? variable('System.TeamFoundationCollectionUri');
  if (!url) throw new Error('The job does not know the address of its release service.');
  return new Api(url, await handlers(), requestOptions());
}

async function handlers(): Promise<IRequestHandler[]> {
  const token = tl.getEndpointAuthorizationParameter('SYSTEMVSSCONNECTION', 'AccessToken', true);
  if (!token) throw new Error('The job has no access token.');
  const { BearerCredentialHandler } = await import('azure-devops-node-api/handlers/bearertoken.js');
  return [new BearerCredentialHandler(token)];
}

function requestOptions(): IRequestOptions {
  const { proxy, tls } = agentNetwork();
  return {
    socketTimeout: 30_000,
    allowRetries: true,
    maxRetries: 2,
    ...(proxy && {
      proxy: {
        proxyUrl: proxy.url,
        ...(proxy.username && { proxyUsername: proxy.username }),
        ...(proxy.password && { proxyPassword: proxy.password }),
        proxyBypassHosts: [...proxy.bypass],
      },
    }),
    ...(tls && { cert: { ...tls } }),
  };
}
