import type { StageRecord } from '../../record/model.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import { passApprovals, type CheckEnd, type Side } from './approvals.ts';
import type { ReleaseContext } from './context.ts';
import { passGates } from './gates.ts';

/** Approvals and gates on one side of a deployment, in the order the stage asks for. */
export async function passChecks(
  stage: ReleaseStagePlan,
  when: Side,
  record: StageRecord,
  context: ReleaseContext,
): Promise<CheckEnd> {
  const approvals = (): Promise<CheckEnd> => passApprovals(stage, when, record, context);
  const gates = (): Promise<CheckEnd> => passGates(stage, when, record, context);
  switch (stage[when].order) {
    case 'beforeGates':
      return say(record, when, await inOrder(approvals, gates));
    case 'afterSuccessfulGates':
      return say(record, when, await inOrder(gates, approvals));
    case 'afterGatesAlways': {
      // Red gates leave the word to the approvers; without any, it stays with the gates.
      const sampled = await gates();
      const decides = stage[when].approvers.length > 0 && sampled === 'rejected';
      return say(record, when, sampled === 'open' || decides ? await approvals() : sampled);
    }
  }
}

async function inOrder(first: () => Promise<CheckEnd>, second: () => Promise<CheckEnd>): Promise<CheckEnd> {
  const end = await first();
  return end === 'open' ? second() : end;
}

/** Why a stage did not get through, in its record. */
function say(record: StageRecord, when: Side, end: CheckEnd): CheckEnd {
  if (end !== 'rejected') return end;
  const gates = record.gates?.find((one) => one.when === when && one.status === 'failed');
  const refused = record.approvals.find((one) => one.when === when && one.status === 'rejected');
  const last = gates?.samples.at(-1)?.results.find((one) => one.result !== 'succeeded');
  const message = refused
    ? `The approval ${when} the deployment was rejected${refused.comment ? `: ${refused.comment}` : '.'}`
    : `The gates ${when} the deployment did not become green in time${last ? `; '${last.gate}' was last ${last.result}${last.message ? `: ${last.message}` : '.'}` : '.'}`;
  record.issues.push({ type: 'error', message });
  return end;
}
