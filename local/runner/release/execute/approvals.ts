import type { Decision } from '../../approvals/decide.ts';
import type { ApprovalRecord, StageRecord } from '../../record/model.ts';
import type { ApproverPlan, ReleaseStagePlan, StageChecks } from '../plan.ts';
import { nextNumber, type ReleaseContext } from './context.ts';

/** `waiting`: somebody has to answer, and nobody is there. */
export type CheckEnd = 'open' | 'waiting' | 'rejected' | 'canceled';

export type Side = 'before' | 'after';

/** Asks everybody a stage asks on one side of its deployment; every answer is kept at once. */
export async function passApprovals(
  stage: ReleaseStagePlan,
  when: Side,
  record: StageRecord,
  context: ReleaseContext,
): Promise<CheckEnd> {
  const checks = stage[when];
  const approvals = approvalsFor(stage, when, record, context);
  const needed = checks.requiredApprovers || approvals.length;
  const given = (): number => approvals.filter((one) => one.status === 'approved').length;
  for (const approval of approvals) {
    if (given() >= needed) skip(approval, context);
    if (approval.status === 'skipped') continue;
    const end = await pass(approval, stage, record, context);
    if (end !== 'open') return end;
  }
  return 'open';
}

/** A continued release finds the approvals it waited for. */
function approvalsFor(
  stage: ReleaseStagePlan,
  when: Side,
  record: StageRecord,
  context: ReleaseContext,
): ApprovalRecord[] {
  const known = record.approvals.filter((one) => one.when === when);
  if (known.length > 0 || stage[when].approvers.length === 0) return known;
  const made = stage[when].approvers.map((approver) => approvalOf(approver, stage, when, context));
  if (maySkip(stage, when, record, context)) for (const one of made) skip(one, context);
  record.approvals.push(...made);
  warnOfCreator(stage[when], record, context);
  context.recorder.tell.stage(record);
  context.recorder.save();
  return made;
}

function approvalOf(
  approver: ApproverPlan,
  stage: ReleaseStagePlan,
  when: Side,
  { time, state }: ReleaseContext,
): ApprovalRecord {
  return {
    id: String(nextNumber(state)),
    environment: stage.name,
    approvers: [approver.displayName],
    status: 'pending',
    createdOn: time.now().toISOString(),
    when,
    rank: approver.rank,
  };
}

/** An approver who approved the stage before need not be asked again, when the stage followed by itself. */
function maySkip(
  stage: ReleaseStagePlan,
  when: Side,
  { trigger }: StageRecord,
  { recorder }: ReleaseContext,
): boolean {
  const checks = stage[when];
  if (when === 'after' || trigger !== 'automated' || !checks.skippedWhenApprovedBefore) return false;
  const names = checks.approvers.map((one) => one.displayName);
  const before = stage.trigger.stages.map((one) =>
    recorder.run.stages.find(({ name }) => name === one.stage),
  );
  const approved = before.flatMap((one) => one?.approvals ?? []).filter((one) => one.status === 'approved');
  return before.length > 0 && names.every((name) => approved.some((one) => one.approvers.includes(name)));
}

/** Here the person who starts a release answers for everybody; on the service that may not be allowed. */
function warnOfCreator(checks: StageChecks, record: StageRecord, { user }: ReleaseContext): void {
  const isCreator = checks.approvers.some(
    (one) => one.uniqueName.toLowerCase() === user.uniqueName.toLowerCase(),
  );
  if (checks.creatorMayApprove || !isCreator) return;
  const message = `On Azure DevOps '${user.displayName}', who creates the release, may not approve it.`;
  record.issues.push({ type: 'warning', message });
}

function skip(approval: ApprovalRecord, { time }: ReleaseContext): void {
  if (approval.status !== 'pending') return;
  approval.status = 'skipped';
  approval.decidedOn = time.now().toISOString();
}

async function pass(
  approval: ApprovalRecord,
  stage: ReleaseStagePlan,
  record: StageRecord,
  context: ReleaseContext,
): Promise<CheckEnd> {
  const known = ANSWERED[approval.status];
  if (known) return known;
  record.state = 'waiting';
  context.recorder.tell.stage(record);
  const end = await answer(approval, stage, record, context);
  if (end === 'waiting') return end;
  approval.decidedOn = context.time.now().toISOString();
  record.state = 'inProgress';
  context.recorder.tell.stage(record);
  context.recorder.save();
  return end;
}

const ANSWERED: Readonly<Partial<Record<ApprovalRecord['status'], CheckEnd>>> = {
  approved: 'open',
  skipped: 'open',
  rejected: 'rejected',
  canceled: 'canceled',
};

async function answer(
  approval: ApprovalRecord,
  stage: ReleaseStagePlan,
  record: StageRecord,
  context: ReleaseContext,
): Promise<CheckEnd> {
  const { time } = context;
  const limitInMs = stage[approval.when ?? 'before'].timeoutInMinutes * 60_000;
  const left = Date.parse(approval.createdOn) + limitInMs - time.now().getTime();
  if (left <= 0) return expire(approval);
  const decision = await firstAnswer({ approval, stage, record, leftInMs: left }, context);
  if (!decision) return 'waiting';
  return decision === 'expired' ? expire(approval) : keep(decision, approval);
}

function expire(approval: ApprovalRecord): CheckEnd {
  approval.status = 'rejected';
  approval.comment = 'Nobody answered in time.';
  return 'rejected';
}

function keep(decision: NonNullable<Decision>, approval: ApprovalRecord): CheckEnd {
  approval.status = decision.status;
  if (decision.status === 'canceled') return 'canceled';
  approval.decidedBy = decision.by;
  if (decision.comment !== undefined) approval.comment = decision.comment;
  return decision.status === 'approved' ? 'open' : 'rejected';
}

interface Open {
  readonly approval: ApprovalRecord;
  readonly stage: ReleaseStagePlan;
  readonly record: StageRecord;
  readonly leftInMs: number;
}

/** The first answer counts, from the terminal or over the REST API. */
async function firstAnswer(open: Open, context: ReleaseContext): Promise<Decision | 'expired'> {
  const { awaited } = context;
  const { id } = open.approval;
  const elsewhere = new AbortController();
  const overRest = new Promise<Decision>((resolve) => {
    awaited.set(id, (given) => {
      elsewhere.abort();
      resolve(given);
    });
  });
  try {
    return await Promise.race([ask(open, elsewhere.signal, context), overRest]);
  } finally {
    awaited.delete(id);
  }
}

async function ask(
  { approval, stage, record, leftInMs }: Open,
  answered: AbortSignal,
  { decide, recorder, time, letApprovalsExpire, interrupts }: ReleaseContext,
): Promise<Decision | 'expired'> {
  const readsFrom = [...stage.trigger.stages.map((one) => one.stage), stage.name];
  const decision = await decide({ run: recorder.run, stage: record, approval, readsFrom, answered });
  if (decision || !letApprovalsExpire) return decision;
  await time.sleep(leftInMs, AbortSignal.any([interrupts.cancel, answered]));
  return interrupts.cancel.aborted ? { status: 'canceled' } : 'expired';
}
