import type { ReleaseApproval } from 'azure-devops-node-api/interfaces/ReleaseInterfaces.js';
import { variable } from './agent.ts';
import { createGet, currentRelease, openReleases, type CurrentRelease } from './devops.ts';

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
 * Who approved the stage this step runs in: of a run, read from its timeline and its approvals; of a classic release,
 * from the approvals before this deployment. Empty when nobody was asked; throws when Azure DevOps does not tell, for
 * example because the job's token may not read approvals.
 */
export async function approvalsOfStage(): Promise<readonly Approval[]> {
  const release = currentRelease();
  return release ? approvalsOfRelease(release) : approvalsOfRun();
}

async function approvalsOfRun(): Promise<readonly Approval[]> {
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

/** The words of the API's lists, which its typed client has as numbers. */
const APPROVED = 2;
const BEFORE_DEPLOYMENT = 1;

async function approvalsOfRelease(release: CurrentRelease): Promise<readonly Approval[]> {
  const api = await openReleases();
  const all = await api.getApprovals(
    release.project,
    undefined,
    APPROVED,
    [release.releaseId],
    BEFORE_DEPLOYMENT,
  );
  return all
    .filter((one) => isOfThisDeployment(one, release))
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ approvedBy, approver, modifiedOn, comments }) => ({
      name: approvedBy?.displayName ?? approver?.displayName ?? approver?.uniqueName ?? '',
      at: modifiedOn && new Date(modifiedOn).toISOString(),
      comment: comments || undefined,
    }))
    .filter(({ name }) => name !== '');
}

/** A stage that needs no approval has an automated one; one that is deployed again is approved again. */
function isOfThisDeployment(approval: ReleaseApproval, release: CurrentRelease): boolean {
  return (
    approval.isAutomated !== true &&
    approval.releaseEnvironment?.id === release.environmentId &&
    (approval.attempt ?? release.attempt) === release.attempt
  );
}
