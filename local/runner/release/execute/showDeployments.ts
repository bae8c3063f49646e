import path from 'node:path';
import type {
  DeploymentJobView,
  DeploymentView,
  GatesView,
  OperationStatus,
  PhaseView,
  ReleaseApprovalView,
  ReleaseTaskView,
} from '../../../devops/index.ts';
import type {
  ApprovalRecord,
  AttemptRecord,
  GatesRecord,
  IssueRecord,
  JobRecord,
  RecordResult,
  RunRecord,
  StageRecord,
  StepRecord,
} from '../../record/model.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import { deploymentId } from './predefined.ts';

type Attempt = AttemptRecord & Partial<Pick<StageRecord, 'state'>>;

/** All approvals of a stage, those of earlier deployments too. */
export function approvalViews(stage: ReleaseStagePlan, record: StageRecord): ReleaseApprovalView[] {
  const attempts: readonly AttemptRecord[] = [...(record.earlier ?? []), record];
  return attempts.flatMap(({ approvals, attempt }) =>
    approvals
      .filter((one) => one.when !== undefined)
      .map((approval) => approvalView(approval, attempt, stage)),
  );
}

function approvalView(
  approval: ApprovalRecord,
  attempt: number,
  stage: ReleaseStagePlan,
): ReleaseApprovalView {
  const { id, when, rank = 1, status, decidedBy, comment, createdOn, decidedOn } = approval;
  const side = stage[when ?? 'before'];
  const asked = side.approvers.find((one) => one.displayName === approval.approvers[0]);
  return {
    ...{ id: Number(id), rank, attempt, status, createdOn, isAutomated: false },
    type: when === 'after' ? 'postDeploy' : 'preDeploy',
    approver: asked && { displayName: asked.displayName, uniqueName: asked.uniqueName },
    approvedBy: decidedBy,
    comments: comment ?? '',
    modifiedOn: decidedOn ?? createdOn,
  };
}

/** Every deployment to a stage, oldest first; none before the first has started. */
export function deploymentViews(
  stage: ReleaseStagePlan,
  record: StageRecord,
  run: RunRecord,
): DeploymentView[] {
  const current: Attempt[] = record.state === 'pending' ? [] : [record];
  return [...(record.earlier ?? []), ...current].map((one) => deploymentView(stage, one, record, run));
}

function deploymentView(
  stage: ReleaseStagePlan,
  attempt: Attempt,
  record: StageRecord,
  run: RunRecord,
): DeploymentView {
  const id = deploymentId(run, { ...record, attempt: attempt.attempt });
  const gates = (when: 'before' | 'after'): GatesView | undefined => {
    const found = attempt.gates?.find((one) => one.when === when);
    return found && gatesView(found, attempt.jobs);
  };
  return {
    ...{ id, attempt: attempt.attempt, requestedFor: run.requestedFor },
    status: statusOf(attempt),
    operationStatus: operationOf(attempt),
    reason: attempt.trigger ?? 'manual',
    queuedOn: attempt.startTime ?? run.startTime ?? '',
    startedOn: attempt.startTime,
    completedOn: attempt.finishTime,
    phases: attempt.jobs
      .filter((one) => one.kind !== 'gates')
      .map((job, index) => phaseView(job, index, stage)),
    preGates: gates('before'),
    postGates: gates('after'),
    issues: attempt.issues.map(issueView),
  };
}

const DEPLOYMENTS: Readonly<Partial<Record<RecordResult, DeploymentView['status']>>> = {
  succeeded: 'succeeded',
  succeededWithIssues: 'partiallySucceeded',
  skipped: 'notDeployed',
};

function statusOf({ result }: Attempt): DeploymentView['status'] {
  return result === undefined ? 'inProgress' : (DEPLOYMENTS[result] ?? 'failed');
}

function operationOf({ result, approvals, gates, deployed, jobs }: Attempt): OperationStatus {
  if (result === 'canceled') return 'canceled';
  if (approvals.some((one) => one.status === 'rejected')) return 'rejected';
  if (gates?.some((one) => one.status === 'failed') && result === 'failed') return 'gateFailed';
  const ended = deployed && PHASES[deployed];
  if (result !== undefined) return ended ?? 'phaseFailed';
  if (gates?.some((one) => one.status === 'inProgress')) return 'evaluatingGates';
  if (approvals.some((one) => one.status === 'pending')) return 'pending';
  return jobs.length > 0 ? 'phaseInProgress' : 'approved';
}

const PHASES: Readonly<Partial<Record<RecordResult, OperationStatus>>> = {
  succeeded: 'phaseSucceeded',
  skipped: 'phaseSucceeded',
  succeededWithIssues: 'phasePartiallySucceeded',
  failed: 'phaseFailed',
  canceled: 'phaseCanceled',
};

function phaseView(job: JobRecord, index: number, stage: ReleaseStagePlan): PhaseView {
  const plan = stage.phases.find((one) => one.refName === job.name);
  return {
    id: String(index + 1),
    name: job.displayName,
    rank: plan?.rank ?? index + 1,
    type: job.kind === 'server' ? 'runOnServer' : 'agentBasedDeployment',
    status: phaseWord(job),
    planId: job.planId ?? '',
    startedOn: job.startTime,
    jobs: [jobView(job)],
  };
}

function phaseWord(job: JobRecord): PhaseView['status'] {
  const word = statusWord(job);
  return word === 'pending' ? 'notStarted' : word;
}

function jobView(job: JobRecord): DeploymentJobView {
  const { id, displayName: name, startTime, finishTime, issues } = job;
  return {
    job: {
      ...{ recordId: id, name, rank: 1, status: statusWord(job), startTime, finishTime },
      ...{ percentComplete: undefined, issues: issues.map(issueView), task: undefined },
      ...{ agentName: job.kind === 'job' ? 'local' : '', log: undefined, attachments: [] },
    },
    tasks: job.steps.map(taskView),
  };
}

function taskView(step: StepRecord, index: number): ReleaseTaskView {
  const { id, displayName, startTime, finishTime, percentComplete, issues, task, log, attachments } = step;
  return {
    ...{ recordId: id, name: displayName, rank: index + 1, status: statusWord(step), startTime, finishTime },
    ...{ percentComplete, issues: issues.map(issueView), task, agentName: 'local', log, attachments },
  };
}

const WORDS: Readonly<Record<RecordResult, ReleaseTaskView['status']>> = {
  succeeded: 'succeeded',
  succeededWithIssues: 'partiallySucceeded',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'skipped',
  abandoned: 'failed',
};

function statusWord({ state, result }: { state: string; result?: RecordResult }): ReleaseTaskView['status'] {
  if (state === 'completed') return WORDS[result ?? 'succeeded'];
  return state === 'inProgress' ? 'inProgress' : 'pending';
}

/** One job per sample; a task is named as its gate. */
function gatesView(gates: GatesRecord, jobs: readonly JobRecord[]): GatesView {
  const job = jobs.find((one) => one.id === gates.jobId);
  return {
    ...{ id: gates.id, status: gates.status, startedOn: gates.startedOn },
    lastModifiedOn: gates.lastModifiedOn,
    stabilizationCompletedOn: gates.stabilizationCompletedOn,
    succeedingSince: gates.succeedingSince,
    planId: job?.planId ?? '',
    ignored: gates.ignored.map(({ name, on }) => ({ name, on })),
    samples: gates.samples.map(({ time, results }, index) => ({
      job: sampleTask(`Sample ${index + 1}`, time, job?.id ?? '', 'succeeded'),
      tasks: results.map(({ gate, result, message }) => {
        const step = job?.steps.find((one) => one.displayName === gate);
        const view = sampleTask(gate, time, step?.id ?? '', WORDS[result]);
        const issues = message ? [{ type: 'warning' as const, message, data: {} }] : [];
        return { ...view, issues, task: step?.task, log: step?.log };
      }),
    })),
  };
}

function sampleTask(
  name: string,
  time: string,
  recordId: string,
  status: ReleaseTaskView['status'],
): ReleaseTaskView {
  return {
    ...{ recordId, name, rank: 1, status, startTime: time, finishTime: time, percentComplete: undefined },
    ...{ issues: [], task: undefined, agentName: '', log: undefined, attachments: [] },
  };
}

function issueView({ type, message }: IssueRecord) {
  return { type, message, data: {} };
}

/** Files of the record as absolute paths, as the server needs them. */
export function withFolder(deployment: DeploymentView, folder: string): DeploymentView {
  const task = (one: ReleaseTaskView): ReleaseTaskView => ({
    ...one,
    log: one.log && path.join(folder, one.log),
    attachments: one.attachments.map((file) => ({ ...file, file: path.join(folder, file.file) })),
  });
  const job = (one: DeploymentJobView): DeploymentJobView => ({ ...one, tasks: one.tasks.map(task) });
  return {
    ...deployment,
    phases: deployment.phases.map((phase) => ({ ...phase, jobs: phase.jobs.map(job) })),
  };
}
