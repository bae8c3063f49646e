import type { JobPlan, StagePlan, StepPlan } from '../plan.ts';
import type { JobRecord, StageRecord } from '../record/model.ts';
import type { JobEnd, OutputValue } from './results.ts';
import type { EvaluatedVariable } from './variables.ts';

/** A job within its running stage. */
export interface JobRequest {
  readonly plan: JobPlan;
  readonly record: JobRecord;
  readonly stage: StagePlan;
  readonly stageRecord: StageRecord;
  /** The variables of pipeline and stage. */
  readonly outer: readonly EvaluatedVariable[];
  /** Ended jobs of this stage, by the name expressions use. */
  readonly ends: ReadonlyMap<string, JobEnd>;
  /** Never aborts for a job that runs because the run was cancelled. */
  readonly cancel: AbortSignal;
}

/** The name other jobs and expressions know a job by; its copies share one. */
export function phaseOf(plan: JobPlan): string {
  return plan.copyOf?.job ?? plan.name;
}

/** The jobs that stand behind the names of plans, each once. */
export function phasesOf(names: readonly string[], stage: StagePlan): string[] {
  const plans = stage.jobs.filter((job) => names.includes(job.name));
  return [...new Set(plans.map(phaseOf))];
}

/** What one agent is given of a job. */
export interface AgentWork {
  readonly steps: readonly StepPlan[];
  readonly instance: string;
  readonly hook: string | undefined;
}

export function prefixed(
  outputs: ReadonlyMap<string, OutputValue>,
  prefix: string,
): Map<string, OutputValue> {
  return new Map([...outputs].map(([name, value]) => [`${prefix}${name}`, value]));
}
