import { wordsFor } from '../../../shared/problem/index.ts';
import { mergeResults, type TaskResult } from '../agent/results.ts';
import type { JobTraces, StepTraces } from '../agent/traces.ts';
import { expandMacros } from '../agent/variables/macros.ts';
import { evaluateCondition, type Value } from '../expressions/index.ts';
import type { ServerStepPlan } from '../plan.ts';
import type { OpenServerJob } from './open.ts';
import type { ServerTaskEnd } from './task.ts';
import {
  executeOnServer,
  serverStepInfo,
  setStepVariables,
  type Intervention,
  type ServerContext,
  type ServerJob,
  type ServerStep,
} from './steps.ts';

type StepStatus = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled';

export interface ServerJobRequest {
  readonly steps: readonly ServerStepPlan[];
  readonly open: OpenServerJob;
  readonly traces: JobTraces;
  /** 0 means no limit. */
  readonly timeoutInMinutes: number;
  readonly cancel: AbortSignal;
  /** Asks a person; `waiting`: nobody is there. */
  readonly intervene: (step: Intervention, traces: StepTraces) => Promise<ServerTaskEnd | 'waiting'>;
}

/** Runs the tasks of an agentless job one after the other. */
export async function runServerJob(
  { steps: plans, open, traces, timeoutInMinutes, cancel, intervene }: ServerJobRequest,
  context: ServerContext,
): Promise<TaskResult | 'waiting'> {
  const steps = plans.map((plan, index): ServerStep => {
    const info = serverStepInfo(plan, index + 1, context);
    return { plan, info, traces: traces.addStep(info), outputs: new Map() };
  });
  const limit = limitOf(timeoutInMinutes, cancel, context);
  const waiting = { isSo: false };
  const serverJob: ServerJob = {
    ...open,
    signal: limit.signal,
    use: 'job',
    async intervene(step, own) {
      const end = await intervene(step, own);
      if (end !== 'waiting') return end;
      waiting.isSo = true;
      return { result: 'Canceled' };
    },
  };
  let status: StepStatus = 'Succeeded';
  try {
    for (const step of steps) {
      const result = await runStep(step, status, serverJob, context);
      if (waiting.isSo) return 'waiting';
      if (limit.signal.aborted) status = cancel.aborted ? 'Canceled' : 'Failed';
      else if (result === 'Failed' || result === 'SucceededWithIssues') status = worse(status, result);
    }
  } finally {
    limit.dispose();
    open.end();
  }
  if (limit.isOver())
    traces.issue({
      type: 'error',
      message: `The job ran longer than its limit of ${timeoutInMinutes} minutes.`,
    });
  return status;
}

function worse(a: StepStatus, b: TaskResult): StepStatus {
  const merged = mergeResults(a, b);
  return merged === 'Failed' || merged === 'SucceededWithIssues' ? merged : a;
}

/** The job's time limit and its cancellation as one signal. */
function limitOf(minutes: number, cancel: AbortSignal, { time }: ServerContext) {
  const over = new AbortController();
  const ended = new AbortController();
  if (minutes > 0)
    void time.strand(async () => {
      await time.sleep(minutes * 60_000, ended.signal);
      if (!ended.signal.aborted) over.abort();
    });
  return {
    signal: AbortSignal.any([cancel, over.signal]),
    isOver: () => over.signal.aborted,
    dispose: () => ended.abort(),
  };
}

async function runStep(
  step: ServerStep,
  status: StepStatus,
  job: ServerJob,
  context: ServerContext,
): Promise<TaskResult> {
  const { plan, info, traces } = step;
  setStepVariables(job.variables, { id: traces.id, ...info });
  job.variables.expand((message) => traces.sink.issue({ type: 'warning', message }));
  const wanted = isWanted(step, status, job);
  if (wanted !== true) {
    traces.finish(wanted);
    return wanted;
  }
  traces.start(expandMacros(info.displayName, (name) => job.variables.get(name)));
  const end = await attempts(step, job, context);
  if (end.message) traces.sink.line(end.message);
  for (const [name, value] of step.outputs) publish(name, value, step, job);
  const result = end.result === 'Failed' && plan.continueOnError ? 'SucceededWithIssues' : end.result;
  traces.finish(result);
  return result;
}

function publish(name: string, value: string, { info, traces }: ServerStep, { variables }: ServerJob): void {
  variables.set(`${info.refName}.${name}`, value);
  traces.sink.output(name, value, false);
}

function isWanted({ plan, traces }: ServerStep, status: StepStatus, job: ServerJob): true | TaskResult {
  if (!plan.enabled) return 'Skipped';
  const names = new Map<string, Value>(job.variables.all().map((one) => [one.name, one.value]));
  try {
    const holds = evaluateCondition(plan.condition, {
      names: { variables: names },
      status: { of: 'step', job: job.signal.aborted ? 'Canceled' : status },
    });
    return holds || 'Skipped';
  } catch (error) {
    traces.sink.issue({ type: 'error', message: wordsFor(error).join('\n') });
    return 'Failed';
  }
}

/** A task that failed is tried again as often as it asks for; the wait grows as the agent's does. */
async function attempts(step: ServerStep, job: ServerJob, context: ServerContext): Promise<ServerTaskEnd> {
  const most = Math.min(step.plan.retryCountOnTaskFailure, 10);
  for (let number = 0; ; number++) {
    const end = await withinLimit(step, step.traces, job, context);
    if (end.result !== 'Failed' || number >= most || job.signal.aborted) return end;
    step.traces.sink.issue({ type: 'warning', message: `Trying again (${number + 1} of ${most}).` });
    await context.time.sleep((number + 1) ** 2 * 1000, job.signal);
  }
}

async function withinLimit(
  step: ServerStep,
  traces: StepTraces,
  job: ServerJob,
  context: ServerContext,
): Promise<ServerTaskEnd> {
  const minutes = step.plan.timeoutInMinutes;
  const limit = limitOf(minutes, job.signal, context);
  try {
    const end = await executeOnServer(step, { ...job, signal: limit.signal }, context);
    if (!limit.isOver()) return end;
    traces.sink.issue({ type: 'error', message: `The task ran longer than ${minutes} minutes.` });
    return { result: 'Failed' };
  } finally {
    limit.dispose();
  }
}
