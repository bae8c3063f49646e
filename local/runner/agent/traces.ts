import type { TaskResult } from './results.ts';
import type { Issue, StepSink } from './state.ts';

/** What is known of a step before it runs. */
export interface StepInfo {
  /** The name outputs are read by. */
  readonly refName: string;
  readonly displayName: string;
  readonly kind: 'task' | 'script' | 'publish' | 'download' | 'checkout';
  readonly task?: { readonly id: string; readonly name: string; readonly version: string };
}

/** The record of one step. */
export interface StepTraces {
  /** The id of the step's record; tasks read it as System.TaskInstanceId. */
  readonly id: string;
  readonly sink: StepSink;
  start(displayName: string): void;
  finish(result: TaskResult): void;
}

/** The record of one job's work on an agent. */
export interface JobTraces {
  /** Lists a step as one to come. */
  addStep(info: StepInfo): StepTraces;
  issue(issue: Issue): void;
}
