import type { RunOptions, RunOutcome, RunSettings } from './execute/options.ts';

export type {
  ApprovalAnswers,
  Environment,
  Interrupts,
  PendingApproval,
  Person,
  RunOptions,
  RunOutcome,
  RunResult,
  RunSettings,
  Terminal,
} from './execute/options.ts';
export type { ServiceConnection } from './connections.ts';

/** Runs a pipeline to its end, or to an approval nobody answers. Throws Problems, before anything runs, for what cannot work. */
export declare function runPipeline(options: RunOptions): Promise<RunOutcome>;
/** Goes on with a run that waits: finished stages stay as they are, the plan is the one the run started with. */
export declare function continueRun(recordFolder: string, settings: RunSettings): Promise<RunOutcome>;
