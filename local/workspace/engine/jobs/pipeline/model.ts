import type { Json } from '../records/index.ts';
import type { JobInput, JobOutput } from '../specification.ts';
import type { Control } from './control/control.ts';

/** An output of a step, and what of the pipeline it is bound to. */
export type StepOutput = JobOutput & {
  readonly binding?: string;
  /** It lies where the step's own outputs lie, unless somebody chose another address for the pipeline's. */
  readonly ownAddress?: true;
};

/** A step before its bindings are followed. */
export interface PipelineStep {
  readonly name: string;
  readonly type: string;
  /** The step as it was submitted, in snake case. */
  readonly node: Json;
  /** The component it runs, or of a sweep the trial's. */
  readonly component: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, StepOutput>>;
  /** Outputs that are one value, written as text: numbers, strings, booleans. */
  readonly primitives: readonly string[];
  /** Steps that must have ended before. */
  readonly after: readonly string[];
  /** A step that decides about others instead of doing work. */
  readonly control?: Control;
  /** It runs only when this condition comes out so. */
  readonly gate?: { readonly condition: string; readonly branch: boolean };
  /** The loop that runs it, as often as that wants. */
  readonly loop?: string;
}

/** What holds for all steps of a pipeline, and of the pipelines in it. */
export interface PipelineSettings {
  /** A step that fails does not end those that do not wait for it. */
  readonly continueOnStepFailure: boolean;
  /** Nothing that an earlier run gave is taken again. */
  readonly forceRerun: boolean;
  readonly defaultDatastore?: string;
  /** ARM id of the compute of steps that name none. */
  readonly defaultCompute?: string;
}

/** A graph of steps with what goes in and comes out. */
export interface PipelineSpecification extends PipelineSettings {
  readonly steps: readonly PipelineStep[];
  readonly inputs: Readonly<Record<string, JobInput>>;
  /** Outputs of the pipeline with the address each goes to. */
  readonly outputs: Readonly<Record<string, JobOutput>>;
  /** The addresses among them that somebody chose. */
  readonly chosenOutputs: Readonly<Record<string, string>>;
}
