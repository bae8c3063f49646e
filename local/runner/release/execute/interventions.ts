import { expandMacros } from '../../agent/variables/macros.ts';
import type { StepTraces } from '../../agent/traces.ts';
import type { ApprovalRecord } from '../../record/model.ts';
import type { ServerTaskEnd } from '../../server/task.ts';
import type { ServerPhasePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import type { PhaseRequest } from './phaseRequest.ts';
import { askPerson } from '../../server/intervention.ts';
import type { Intervention } from '../../server/steps.ts';
import { factsFor, lookupIn } from './variables.ts';
import { nextNumber } from './context.ts';

/** A person says whether a stage goes on in the midst of its jobs; nobody there, the release waits. */
export async function intervene(
  step: Intervention,
  traces: StepTraces,
  { stage, stageRecord, own }: PhaseRequest<ServerPhasePlan>,
  context: ReleaseContext,
): Promise<ServerTaskEnd | 'waiting'> {
  const lookup = lookupIn(own, factsFor(stage, stageRecord, context));
  const instructions = expandMacros(step.instructions.text, lookup);
  const approval = approvalFor(stage.name, instructions, stageRecord.approvals, context);
  const mayExpire = context.letApprovalsExpire;
  return askPerson({ step, traces, stage: stageRecord, approval, mayExpire }, context);
}

/** Between approvals before and after, without a side of its own. */
function approvalFor(
  environment: string,
  instructions: string,
  known: ApprovalRecord[],
  { time, state }: ReleaseContext,
): ApprovalRecord {
  const pending = known.find((one) => one.when === undefined && one.status === 'pending');
  if (pending) return pending;
  const approval: ApprovalRecord = {
    ...{ id: String(nextNumber(state)), environment, instructions, approvers: [], status: 'pending' },
    createdOn: time.now().toISOString(),
  };
  known.push(approval);
  return approval;
}
