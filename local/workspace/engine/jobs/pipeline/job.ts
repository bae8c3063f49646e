import type { RunDocument } from '../records/index.ts';
import type { JobTools, RunEnd } from '../tools.ts';
import type { PipelineSpecification } from './model.ts';

/** A pipeline under its run. */
export interface PipelineJob {
  readonly run: RunDocument;
  readonly specification: PipelineSpecification;
}

/** How a pipeline is run; a step that is itself one is given it. */
export type RunPipeline = (job: PipelineJob, tools: JobTools, signal: AbortSignal) => Promise<RunEnd>;
