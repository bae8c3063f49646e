import * as tl from 'azure-pipelines-task-lib/task.js';
import type { IRequestOptions } from 'azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js';
import { agentNetwork, variable } from './agent.ts';

/** Somebody's yes to the environment this stage deploys to. */
export interface Approval {
  readonly name: string;
  /** ISO 8601. */
  readonly at: string | undefined;
  readonly comment: string | undefined;
}

interface TimelineRecord {
  readonly id?: string;
  readonly parentId?: string;
  readonly type?: string;
  readonly name?: string;
  readonly identifier?: string;
}

/** An approval with its steps, as `_apis/pipelines/approvals?$expand=steps` answers (api-version 7.1). */
interface ApprovalAnswer {
  readonly value?: readonly {
    readonly steps?: readonly {
      readonly status?: string;
      readonly comment?: string;
      readonly lastModifiedOn?: string;
      readonly actualApprover?: { readonly displayName?: string; readonly uniqueName?: string };
    }[];
  }[];
}

/**
 * Who approved the stage this step runs in, read from the run's timeline and its approvals. Empty when nobody was
 * asked; throws when Azure DevOps does not tell, for example because the job's token may not read approvals.
 */
export async function approvalsOfStage(): Promise<readonly Approval[]> {
  const [collection, project] = [variable('System.CollectionUri'), variable('System.TeamProjectId')];
  const [build, stage] = [variable('Build.BuildId'), variable('System.StageName')];
  if (!collection || !project || !build || !stage || variable('System.HostType') !== 'build') return [];
  const get = await createGet(collection);
  const timeline = await get<{ records?: readonly TimelineRecord[] }>(
    `${project}/_apis/build/builds/${build}/timeline?api-version=7.1`,
  );
  const ids = approvalIds(timeline?.records ?? [], stage);
  if (ids.length === 0) return [];
  const answer = await get<ApprovalAnswer>(
    `${project}/_apis/pipelines/approvals?approvalIds=${ids.join(',')}&$expand=steps&api-version=7.1`,
  );
  return approvalsIn(answer ?? {});
}

/** An approval's timeline record has the approval's own id and hangs below its stage's checkpoint. */
function approvalIds(records: readonly TimelineRecord[], stage: string): string[] {
  const ids = (type: string, parents: readonly (string | undefined)[] | undefined): (string | undefined)[] =>
    records
      .filter((record) => record.type === type && (!parents || parents.includes(record.parentId)))
      .map(({ id }) => id);
  const stages = records
    .filter(({ type, identifier, name }) => type === 'Stage' && (identifier ?? name) === stage)
    .map(({ id }) => id);
  return ids('Checkpoint.Approval', ids('Checkpoint', stages)).filter((id) => id !== undefined);
}

function approvalsIn({ value = [] }: ApprovalAnswer): Approval[] {
  return value
    .flatMap(({ steps = [] }) => steps)
    .filter(({ status }) => status === 'approved')
    .map(({ actualApprover, lastModifiedOn, comment }) => ({
      name: actualApprover?.displayName ?? actualApprover?.uniqueName ?? '',
      at: lastModifiedOn,
      comment: comment || undefined,
    }))
    .filter(({ name }) => name !== '');
}

/** A GET below the collection with the job's own token. The client is loaded only when it is needed; no typed one has approvals. */
async function createGet(collection: string): Promise<<T>(path: string) => Promise<T | undefined>> {
  const token = tl.getEndpointAuthorizationParameter('SYSTEMVSSCONNECTION', 'AccessToken', true);
  if (!token) throw new Error('The job has no access token.');
  const [{ ClientApiBase }, { BearerCredentialHandler }] = await Promise.all([
    import('azure-devops-node-api/ClientApiBases.js'),
    import('azure-devops-node-api/handlers/bearertoken.js'),
  ]);
  const base = collection.replace(/\/+$/, '');
  const handlers = [new BearerCredentialHandler(token)];
  const api = new ClientApiBase(base, handlers, 'node-Build-api', requestOptions());
  return async (path) => {
    const { result } = await api.rest.get<unknown>(`${base}/${path}`);
    return (result ?? undefined) as never;
  };
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
