import type { TaskResult } from '../../agent/results.ts';
import type { EvaluatedVariable } from '../../execute/variables.ts';
import type { JobRecord, StageRecord } from '../../record/model.ts';
import type { PhasePlan, ReleaseStagePlan } from '../plan.ts';

/** A job about to run, with the variables its stage started with. */
export interface PhaseRequest<T extends PhasePlan = PhasePlan> {
  readonly phase: T;
  readonly stage: ReleaseStagePlan;
  readonly stageRecord: StageRecord;
  readonly job: JobRecord;
  readonly own: readonly EvaluatedVariable[];
  readonly timeoutInMinutes: number;
  readonly cancelTimeoutInMinutes: number;
  readonly cancel: AbortSignal;
}

/** A phase that holds for a person stops its stage; the release waits. */
export type PhaseEnd = TaskResult | 'waiting';
