import path from 'node:path';
import type { ApprovalView, BuildSource, BuildView, TimelineView } from '../../devops/index.ts';
import type { ApprovalRecord, IssueRecord, JobRecord, RunRecord, StageRecord, StepRecord } from './model.ts';

/** Shows a run to the Azure DevOps server: the record as builds, timelines and approvals. */
export function showRun(run: RunRecord, folder: string): BuildSource {
  const approvals = (): ApprovalView[] =>
    run.stages.flatMap((stage) => stage.approvals.map((one) => approvalView(one, stage, run)));
  return {
    find: (id) => (id === run.id ? buildView(run, folder) : undefined),
    approvals,
    approval: (id) => approvals().find((one) => one.id === id),
  };
}

function buildView(run: RunRecord, folder: string): BuildView {
  return {
    id: run.id,
    number: run.name,
    planId: run.planId,
    definition: { id: 1, name: run.pipeline.name },
    status: run.state === 'completed' ? 'completed' : 'inProgress',
    result: run.result,
    queueTime: run.startTime ?? '',
    startTime: run.startTime,
    finishTime: run.finishTime,
    requestedFor: run.requestedFor,
    sourceBranch: run.source.branch,
    sourceVersion: run.source.commit,
    tags: run.tags,
    records: run.stages.flatMap((stage, index) => stageViews(stage, index + 1, folder)),
    artifacts: run.artifacts.map(({ name, type, folder: own, location }, index) => ({
      id: index + 1,
      name,
      type,
      location: own ? path.join(folder, own) : (location ?? ''),
    })),
  };
}

const BLANK = {
  parentId: undefined,
  refName: undefined,
  result: undefined,
  startTime: undefined,
  finishTime: undefined,
  attempt: 1,
  percentComplete: undefined,
  currentOperation: undefined,
  issues: [],
  errorCount: 0,
  warningCount: 0,
  task: undefined,
  workerName: undefined,
  log: undefined,
  attachments: [],
} satisfies Partial<TimelineView>;

/** A stage, its approvals under one checkpoint, its jobs with a phase each, and their steps. */
function stageViews(stage: StageRecord, order: number, folder: string): TimelineView[] {
  const view: TimelineView = {
    ...BLANK,
    ...timesOf(stage),
    ...issuesView(stage.issues),
    id: stage.id,
    type: 'Stage',
    name: stage.displayName,
    refName: stage.name,
    identifier: stage.name,
    state: stage.state === 'waiting' ? 'pending' : stage.state,
    result: stage.result,
    order,
    attempt: stage.attempt,
  };
  return [
    view,
    ...checkpointViews(stage),
    ...stage.jobs.flatMap((job, index) => jobViews(job, index + 1, stage, folder)),
  ];
}

function checkpointViews(stage: StageRecord): TimelineView[] {
  const asked = stage.approvals.filter((one) => one.job === undefined);
  const [first] = asked;
  if (!first) return [];
  const isOpen = asked.some((one) => one.status === 'pending');
  const id = childId(stage.id, 'checkpoint');
  const state = isOpen ? 'inProgress' : 'completed';
  const result = isOpen
    ? undefined
    : asked.every((one) => one.status === 'approved')
      ? 'succeeded'
      : 'failed';
  const common = { ...BLANK, order: 1, state, result, startTime: first.createdOn } as const;
  const checkpoint: TimelineView = {
    ...common,
    id,
    parentId: stage.id,
    type: 'Checkpoint',
    name: 'Checkpoint',
    refName: `${stage.name}.Checkpoint`,
    identifier: `Checkpoint.${stage.name}`,
  };
  const approvals = asked.map((approval): TimelineView => {
    const isPending = approval.status === 'pending';
    return {
      ...common,
      id: approval.id,
      parentId: id,
      type: 'Checkpoint.Approval',
      name: 'Checkpoint.Approval',
      identifier: approval.id,
      state: isPending ? 'inProgress' : 'completed',
      result: isPending ? undefined : approval.status === 'approved' ? 'succeeded' : 'failed',
      startTime: approval.createdOn,
      finishTime: approval.decidedOn,
    };
  });
  return [checkpoint, ...approvals];
}

function jobViews(job: JobRecord, order: number, stage: StageRecord, folder: string): TimelineView[] {
  const common = {
    ...BLANK,
    ...timesOf(job),
    name: job.displayName,
    state: job.state,
    result: job.result,
    order,
  };
  const phaseId = childId(job.id, 'phase');
  const identifier = `${stage.name}.${job.name}`;
  return [
    { ...common, id: phaseId, parentId: stage.id, type: 'Phase', refName: job.name, identifier },
    {
      ...common,
      ...issuesView(job.issues),
      id: job.id,
      parentId: phaseId,
      type: 'Job',
      refName: '__default',
      identifier: `${identifier}.__default`,
      workerName: 'local',
    },
    ...job.steps.map((step, index) => stepView(step, index + 1, job, `${identifier}.__default`, folder)),
  ];
}

function stepView(
  step: StepRecord,
  order: number,
  job: JobRecord,
  above: string,
  folder: string,
): TimelineView {
  return {
    ...BLANK,
    ...timesOf(step),
    ...issuesView(step.issues),
    id: step.id,
    parentId: job.id,
    type: 'Task',
    name: step.displayName,
    refName: step.refName,
    identifier: `${above}.${step.refName}`,
    state: step.state,
    result: step.result,
    order,
    percentComplete: step.percentComplete,
    currentOperation: step.currentOperation,
    errorCount: step.errorCount,
    warningCount: step.warningCount,
    task: step.task,
    workerName: 'local',
    log: step.log && path.join(folder, step.log),
    attachments: step.attachments.map((one) => ({ ...one, file: path.join(folder, one.file) })),
  };
}

function timesOf({ startTime, finishTime }: { startTime?: string; finishTime?: string }) {
  return { startTime, finishTime };
}

function issuesView(
  issues: readonly IssueRecord[],
): Pick<TimelineView, 'issues' | 'errorCount' | 'warningCount'> {
  return {
    issues: issues.map(({ type, message, ...data }) => ({
      type,
      message,
      data: Object.fromEntries(
        Object.entries({ type, ...data }).map(([key, value]) => [key.toLowerCase(), String(value)]),
      ),
    })),
    errorCount: issues.filter((one) => one.type === 'error').length,
    warningCount: issues.filter((one) => one.type === 'warning').length,
  };
}

function approvalView(approval: ApprovalRecord, stage: StageRecord, run: RunRecord): ApprovalView {
  const { id, environment, instructions, approvers, status, createdOn, decidedOn, decidedBy, comment } =
    approval;
  return {
    ...{ id, environment, instructions, approvers, createdOn, decidedOn, decidedBy, comment },
    status: status === 'skipped' ? 'canceled' : status,
    buildId: run.id,
    stage: stage.name,
  };
}

/** A second id made from one: records that exist only in the timeline keep theirs between two readings. */
function childId(id: string, kind: 'phase' | 'checkpoint'): string {
  const mark = { phase: 'a', checkpoint: 'c' }[kind];
  return `${id.slice(0, 14)}${mark}${id.slice(15)}`;
}
