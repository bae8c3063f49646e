import type { TaskResult } from '../../agent/results.ts';
import { issuesOf } from '../../execute/conditions.ts';
import type { RecordResult, StageRecord } from '../../record/model.ts';
import { markFinished, markStarted, recordResult } from '../../record/recorder.ts';
import type { ReleaseStagePlan, StageStatus } from '../plan.ts';
import type { CheckEnd } from './approvals.ts';
import { passChecks } from './checks.ts';
import type { ReleaseContext } from './context.ts';
import type { PhaseEnd } from './phaseRequest.ts';
import { runPhases } from './phases.ts';
import { statusOf } from './predefined.ts';

/** How a stage came out of this session; `held` waits for somebody. */
export type StageOutcome = StageStatus | 'held' | 'notStarted';

/** One deployment to a stage, from its first approval to its last gate. */
export async function deployStage(
  stage: ReleaseStagePlan,
  record: StageRecord,
  trigger: 'manual' | 'automated',
  context: ReleaseContext,
): Promise<StageOutcome> {
  const { recorder, time } = context;
  if (record.state !== 'waiting') {
    record.trigger = trigger;
    markStarted(record, time);
    record.state = 'inProgress';
    recorder.tell.stage(record);
  }
  const result = await attempt(stage, record, context);
  if (result === 'waiting') {
    record.state = 'waiting';
    recorder.tell.stage(record);
    return 'held';
  }
  markFinished(record, time);
  record.state = 'completed';
  record.result = recordResult(result);
  // The state first: what it holds counts when a kill falls between the two.
  context.saveState();
  recorder.tell.stage(record);
  recorder.save();
  const status = statusOf(record);
  return status === 'inProgress' ? 'notStarted' : status;
}

async function attempt(
  stage: ReleaseStagePlan,
  record: StageRecord,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  try {
    if (record.deployed === undefined) {
      const before = await passChecks(stage, 'before', record, context);
      if (before !== 'open') return closed(before);
      const deployed = await runPhases(stage, record, context);
      if (deployed === 'waiting') return deployed;
      record.deployed = recordResult(deployed);
      context.recorder.save();
    }
    const good = GOOD[record.deployed];
    if (!good) return record.deployed === 'canceled' ? 'Canceled' : 'Failed';
    const after = await passChecks(stage, 'after', record, context);
    return after === 'open' ? good : closed(after);
  } catch (error) {
    record.issues.push(...issuesOf(error));
    return 'Failed';
  }
}

/** Only what was deployed is looked at afterwards; a stage without work is deployed too. */
const GOOD: Readonly<Partial<Record<RecordResult, TaskResult>>> = {
  succeeded: 'Succeeded',
  succeededWithIssues: 'SucceededWithIssues',
  skipped: 'Succeeded',
};

function closed(end: Exclude<CheckEnd, 'open'>): PhaseEnd {
  return end === 'waiting' ? end : end === 'canceled' ? 'Canceled' : 'Failed';
}

/** Makes room for the next deployment: what was so far is kept with its number. */
export function nextAttempt(record: StageRecord): void {
  const { attempt, approvals, jobs, issues, result, gates, deployed, trigger } = record;
  const { startTime, finishTime, durationInMs } = record;
  const times = {
    ...(startTime && { startTime }),
    ...(finishTime && { finishTime }),
    ...(durationInMs !== undefined && { durationInMs }),
  };
  record.earlier = [
    ...(record.earlier ?? []),
    {
      ...{ attempt, approvals, jobs, issues: [...issues], ...times },
      ...(result && { result }),
      ...(gates && { gates }),
      ...(deployed && { deployed }),
      ...(trigger && { trigger }),
    },
  ];
  record.attempt += 1;
  record.state = 'pending';
  record.approvals = [];
  record.jobs = [];
  record.issues.splice(0);
  for (const name of ['result', 'gates', 'deployed', 'startTime', 'finishTime', 'durationInMs'] as const)
    delete record[name];
}
