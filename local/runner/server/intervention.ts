import type { StepTraces } from '../agent/traces.ts';
import type { Decide } from '../approvals/decide.ts';
import type { Interrupts } from '../execute/options.ts';
import type { ApprovalRecord, StageRecord } from '../record/model.ts';
import type { Recorder } from '../record/recorder.ts';
import type { ReleaseClock } from '../release/clock.ts';
import type { Intervention } from './steps.ts';
import type { ServerTaskEnd } from './task.ts';

export interface Asking {
  readonly step: Intervention;
  readonly traces: StepTraces;
  readonly stage: StageRecord;
  readonly approval: ApprovalRecord;
  /** Lets a question nobody answers run into its time limit. */
  readonly mayExpire: boolean;
}

interface Around {
  readonly recorder: Recorder;
  readonly decide: Decide;
  readonly time: ReleaseClock;
  readonly interrupts: Interrupts;
}

/** A person says whether a stage goes on in the midst of its jobs; `waiting`: nobody is there. */
export async function askPerson(asking: Asking, around: Around): Promise<ServerTaskEnd | 'waiting'> {
  const { step, traces, stage, approval, mayExpire } = asking;
  const { recorder, decide, time, interrupts } = around;
  const instructions = approval.instructions ?? '';
  traces.sink.line(`Waiting for a person${instructions === '' ? '.' : `: ${instructions}`}`);
  stage.state = 'waiting';
  recorder.tell.stage(stage);
  const decision = await decide({ run: recorder.run, stage, approval, readsFrom: [stage.name] });
  if (!decision && step.timeoutInMinutes > 0 && mayExpire) {
    await time.sleep(step.timeoutInMinutes * 60_000, interrupts.cancel);
    return settle(step.onTimeout === 'resume' ? 'approved' : 'rejected', asking, around);
  }
  if (!decision) return 'waiting';
  if (decision.status !== 'canceled') {
    approval.decidedBy = decision.by;
    if (decision.comment !== undefined) approval.comment = decision.comment;
  }
  return settle(decision.status, asking, around);
}

function settle(
  status: 'approved' | 'rejected' | 'canceled',
  { approval, stage }: Asking,
  { recorder, time }: Around,
): ServerTaskEnd {
  approval.status = status;
  approval.decidedOn = time.now().toISOString();
  stage.state = 'inProgress';
  recorder.tell.stage(stage);
  const message = `The manual intervention was ${status}.`;
  if (status === 'canceled') return { result: 'Canceled', message };
  return { result: status === 'approved' ? 'Succeeded' : 'Failed', message };
}
