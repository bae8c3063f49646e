import type { StepPlan } from '../plan.ts';
import type { StepHost } from './steps/step.ts';
import type { JobTraces } from './traces.ts';

/** What an agent is asked to do: steps in order, on fresh folders, within limits. */
export interface AgentJob {
  readonly displayName: string;
  readonly steps: readonly StepPlan[];
  readonly host: StepHost;
  readonly traces: JobTraces;
  /** 0 means no limit. */
  readonly timeoutInMinutes: number;
  /** After a cancellation, what still runs is killed this much later. */
  readonly cancelTimeoutInMinutes: number;
  readonly cancel: AbortSignal;
  readonly kill: AbortSignal;
}

export type JobStatus = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled';
