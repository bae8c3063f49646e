import type { TaskEvents } from '../../devops/tasks/events.ts';
import type { Clock } from '../agent/clock.ts';
import type { Endpoints } from '../agent/endpoints.ts';
import type { TaskResult } from '../agent/results.ts';
import type { StepSink } from '../agent/state.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import type { Masker } from '../agent/variables/masker.ts';
import type { VariableStore } from '../agent/variables/variables.ts';
import type { TaskStepPlan } from '../plan.ts';

/** Runs tasks that need no agent: in agentless jobs, and as gates. */
export interface ServerTasks {
  /** One execution of a task in a job, or one sample of it as a gate. A Problem thrown fails it. */
  run(request: ServerTaskRequest): Promise<ServerTaskEnd>;
}

export interface ServerTaskRequest {
  /** The task; its folder holds the whole task.json. */
  readonly task: TaskDefinition;
  /** As written, `$( )` not yet replaced. */
  readonly step: TaskStepPlan;
  readonly use: 'job' | 'gate';
  /** The job's variables, `system.*` and the token among them. */
  readonly variables: VariableStore;
  readonly endpoints: Endpoints;
  readonly masker: Masker;
  /** Output variables of this step; they stay from one sample of a gate to the next. */
  readonly outputs: Map<string, string>;
  /** Lines, issues and outputs of the step's record; masked there. */
  readonly sink: StepSink;
  /** Where the other side says that a task it was asked to complete is done. */
  readonly events: TaskEvents;
  /** Waiting belongs here: this clock leaps over it. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ServerTaskEnd {
  readonly result: Extract<TaskResult, 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled'>;
  /** One sentence on why, for people: for a gate, what was seen and what was asked for. */
  readonly message?: string;
}
