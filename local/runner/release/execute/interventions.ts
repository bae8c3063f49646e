import { expandMacros } from '../../agent/variables/macros.ts';
import type { StepTraces } from '../../agent/traces.ts';
import type { ApprovalRecord } from '../../record/model.ts';
import type { ServerTaskEnd } from '../../server/task.ts';
import type { ServerPhasePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import type { PhaseRequest } from './phaseRequest.ts';
import type { Intervention } from './serverSteps.ts';
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
  const limitInMinutes = step.timeoutInMinutes;
  const approval = approvalFor(stage.name, instructions, stageRecord.approvals, context);
  traces.sink.line(`Waiting for a person${instructions === '' ? '.' : `: ${instructions}`}`);
  stageRecord.state = 'waiting';
  context.recorder.tell.stage(stageRecord);
  const question = { run: context.recorder.run, stage: stageRecord, approval, readsFrom: [stage.name] };
  const decision = await context.decide(question);
  if (!decision && limitInMinutes > 0 && context.letApprovalsExpire) {
    await context.time.sleep(limitInMinutes * 60_000, context.interrupts.cancel);
    return settle(step.onTimeout === 'resume' ? 'approved' : 'rejected');
  }
  if (!decision) return 'waiting';
  if (decision.status !== 'canceled') {
    approval.decidedBy = decision.by;
    if (decision.comment !== undefined) approval.comment = decision.comment;
  }
  return settle(decision.status);

  function settle(status: 'approved' | 'rejected' | 'canceled'): ServerTaskEnd {
    approval.status = status;
    approval.decidedOn = context.time.now().toISOString();
    stageRecord.state = 'inProgress';
    context.recorder.tell.stage(stageRecord);
    const message = `The manual intervention was ${status}.`;
    if (status === 'canceled') return { result: 'Canceled', message };
    return { result: status === 'approved' ? 'Succeeded' : 'Failed', message };
  }
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
