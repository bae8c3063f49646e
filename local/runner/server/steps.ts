import { Problem, wordsFor } from '../../../shared/problem/index.ts';
import type { Endpoints } from '../agent/endpoints.ts';
import type { StepInfo, StepTraces } from '../agent/traces.ts';
import { expandMacros } from '../agent/variables/macros.ts';
import type { Masker } from '../agent/variables/masker.ts';
import type { VariableStore } from '../agent/variables/variables.ts';
import type { ServerTaskEnd, ServerTasks } from './task.ts';
import type { DevOpsServer } from '../../devops/index.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import type { ServerStepPlan } from '../plan.ts';
import type { ReleaseClock } from '../release/clock.ts';

/** What all tasks without an agent share, in runs and releases. */
export interface ServerContext {
  readonly catalog: TaskCatalog;
  readonly devops: DevOpsServer;
  readonly time: ReleaseClock;
  /** undefined: nothing here runs them. */
  readonly serverTasks: ServerTasks | undefined;
}

/** What the steps of one job without an agent work with. */
export interface ServerJob {
  readonly variables: VariableStore;
  readonly endpoints: Endpoints;
  readonly masker: Masker;
  readonly signal: AbortSignal;
  readonly use: 'job' | 'gate';
  /** Asks a person to go on; for manual interventions. */
  readonly intervene: (step: Intervention, traces: StepTraces) => Promise<ServerTaskEnd>;
}

export type Intervention = Extract<ServerStepPlan, { kind: 'intervention' }>;

/** One step with what stays the same over its executions. */
export interface ServerStep {
  readonly plan: ServerStepPlan;
  readonly info: StepInfo;
  readonly traces: StepTraces;
  readonly outputs: Map<string, string>;
}

const DELAY = { id: '28782b92-5e8e-4458-9751-a71cd1492bae', name: 'Delay', version: '1.0.0' };
const INTERVENTION = {
  id: 'bcb64569-d51a-4af0-9c01-ea5d05b3b622',
  name: 'ManualIntervention',
  version: '8.0.0',
};

/** What a record says of a step that runs without an agent. */
export function serverStepInfo(plan: ServerStepPlan, number: number, context: ServerContext): StepInfo {
  const task = taskOf(plan, context);
  return {
    refName: plan.name ?? `${task.name}${number}`,
    displayName: plan.displayName?.text ?? task.name,
    kind: 'task',
    task,
  };
}

function taskOf(plan: ServerStepPlan, { catalog }: ServerContext): NonNullable<StepInfo['task']> {
  if (plan.kind === 'delay') return DELAY;
  if (plan.kind === 'intervention') return INTERVENTION;
  const found = catalog.find(plan.task.name, plan.task.major);
  if (!found) throw new TypeError(`There is no task '${plan.task.name}'.`);
  return { id: found.id, name: found.name, version: Object.values(found.version).join('.') };
}

/** Executes a step once; whatever goes wrong becomes its result, with the reason in its log. */
export async function executeOnServer(
  step: ServerStep,
  job: ServerJob,
  context: ServerContext,
): Promise<ServerTaskEnd> {
  try {
    return await executed(step, job, context);
  } catch (error) {
    if (job.signal.aborted) return { result: 'Canceled' };
    const message = wordsFor(error).join(' ');
    if (job.use === 'job') step.traces.sink.issue({ type: 'error', message });
    return { result: 'Failed', message };
  }
}

async function executed(
  { plan, traces, outputs }: ServerStep,
  job: ServerJob,
  context: ServerContext,
): Promise<ServerTaskEnd> {
  const { variables, signal } = job;
  if (plan.kind === 'delay') {
    const minutes = Number(expandMacros(plan.minutes.text, (name) => variables.get(name)));
    if (!(minutes >= 0)) throw notMinutes(plan.minutes.text);
    traces.sink.line(`Waiting for ${minutes} minutes.`);
    await context.time.sleep(minutes * 60_000, signal);
    return { result: signal.aborted ? 'Canceled' : 'Succeeded' };
  }
  if (plan.kind === 'intervention') return job.intervene(plan, traces);
  const task = context.catalog.find(plan.task.name, plan.task.major);
  if (!task) throw new TypeError(`There is no task '${plan.task.name}'.`);
  return runnerOf(context).run({
    ...{ task, step: plan, outputs, sink: traces.sink, clock: context.time },
    events: context.devops.taskEvents,
    ...{ use: job.use, variables, endpoints: job.endpoints, masker: job.masker, signal },
  });
}

function runnerOf({ serverTasks }: ServerContext): ServerTasks {
  if (!serverTasks) throw new TypeError('Nothing here runs tasks without an agent.');
  return serverTasks;
}

function notMinutes(text: string): Problem {
  const message = `'${text}' is no number of minutes to wait.`;
  return new Problem({ code: 'input', message, next: 'Write a number into the Delay task.' });
}

/** A step sees its own ids and name. */
export function setStepVariables(
  variables: VariableStore,
  step: { readonly id: string; readonly refName: string; readonly displayName: string },
): void {
  for (const [name, value] of Object.entries({
    'System.TaskInstanceId': step.id,
    'System.TaskInstanceName': step.refName,
    'System.TaskDisplayName': step.displayName,
    'Task.DisplayName': step.displayName,
  }))
    variables.set(name, value, { isReadOnly: true });
}
