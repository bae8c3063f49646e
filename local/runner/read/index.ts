import type { PipelinePlan } from '../plan.ts';

export interface ReadOptions {
  /** The pipeline's YAML file; relative ones count from the current folder. */
  readonly file: string;
  /** Values for the pipeline's `parameters`; text as given on a command line is converted to the declared type. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Queue-time variables: they win over the file's own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Predefined variables known before the run starts: `Build.SourceBranch`, `System.TeamProject`, ... */
  readonly predefined: Readonly<Record<string, string>>;
}

/**
 * Reads a pipeline: templates, parameters and `${{ }}` are resolved, `$( )` and `$[ ]` are left for the run.
 * Throws one Problem or Problems that name everything found wrong, with file, line and column.
 */
export declare function readPipeline(options: ReadOptions): Promise<PipelinePlan>;
