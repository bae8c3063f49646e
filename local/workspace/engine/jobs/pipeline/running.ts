import type { RunError } from '../records/index.ts';
import type { RunLog } from '../runLog.ts';
import type { JobOutput } from '../specification.ts';
import type { JobTools, RunEnd } from '../tools.ts';
import type { PipelineJob, RunPipeline } from './job.ts';

/** How a step ended; `Skipped` when a condition did not want it. */
export interface StepEnd {
  readonly status: RunEnd['status'] | 'Skipped';
  readonly error?: RunError;
}

/** A pipeline that runs, with what its steps gave so far. */
export interface Running extends PipelineJob {
  readonly tools: JobTools;
  readonly log: RunLog;
  /** Aborts the steps that run, also when one failed and the pipeline is not to go on. */
  readonly stop: AbortController;
  readonly nested: RunPipeline;
  readonly ends: Map<string, StepEnd>;
  readonly outputs: Map<string, Readonly<Record<string, JobOutput>>>;
  /** How conditions came out. */
  readonly choices: Map<string, boolean>;
  /** Outputs of the pipeline that lie elsewhere than planned: an earlier run gave them. */
  readonly redirected: Map<string, string>;
}
