import { wordsFor } from '../../../shared/problem/index.ts';
import { evaluateCondition, type Value } from '../expressions/index.ts';
import type { Text } from '../plan.ts';
import type { Cancellation } from './cancellation.ts';
import type { JobStatus } from './request.ts';
import type { StepPart } from './parts.ts';
import type { TaskResult } from './results.ts';
import type { StepState } from './state.ts';
import { checkoutAttempt, downloadAttempt, publishAttempt } from './steps/artifacts.ts';
import { runAttempts } from './steps/attempts.ts';
import { scriptAttempt } from './steps/script.ts';
import { taskAttempt } from './steps/task.ts';
import type { Attempt, RunningStep, StepHost } from './steps/step.ts';
import { expand } from './steps/expand.ts';

export interface PartHost extends StepHost {
  readonly cancellation: Cancellation;
  readonly status: () => JobStatus;
}

/** Runs one part of a job from its condition to its result. */
export async function runPart(part: StepPart, host: PartHost): Promise<TaskResult> {
  const { plan, traces } = part;
  const state = stateOf(part, host);
  setStepVariables(part, host);
  host.state.variables.expand((message) => state.sink.issue({ type: 'warning', message }));
  const wanted = shallRun(part, host, state);
  if (wanted !== true) {
    traces.finish(wanted);
    return wanted;
  }
  traces.start(expand(part.displayName, host));
  const signals = signalsFor(part, host);
  const result = await runAttempts(
    lazily(() => attemptFor(part, state, host)),
    state,
    signals,
    {
      clock: host.clock,
      timeoutInMinutes: plan.timeoutInMinutes,
      retries: part.part === 'execution' ? plan.retryCountOnTaskFailure : 0,
    },
  );
  signals.dispose();
  const final = result === 'Failed' && plan.continueOnError ? 'SucceededWithIssues' : result;
  traces.finish(final);
  return final;
}

function stateOf({ definition, refName, taskVariables, traces }: StepPart, host: PartHost): StepState {
  return {
    job: host.state,
    refName,
    sink: traces.sink,
    taskVariables,
    declaredOutputs: new Set(definition?.outputVariables.map((name) => name.toLowerCase())),
    restrictions: definition?.restrictions ?? { mode: 'any', settableVariables: undefined },
    details: new Map(),
    percent: 0,
    result: undefined,
    commandFailed: false,
    done: new AbortController(),
  };
}

function setStepVariables({ refName, traces, displayName }: StepPart, host: PartHost): void {
  const { variables } = host.state;
  for (const [name, value] of Object.entries({
    'System.TaskInstanceId': traces.id,
    'System.TaskInstanceName': refName,
    'System.TaskDisplayName': displayName,
    'Task.DisplayName': displayName,
  })) {
    variables.set(name, value, { isReadOnly: true });
  }
}

/** true, or the result the step has without running. A post-job part runs always. */
function shallRun(
  part: StepPart,
  host: PartHost,
  state: StepState,
): true | 'Skipped' | 'Failed' | 'Canceled' {
  if (!part.plan.enabled) return 'Skipped';
  if (host.cancellation.kill.aborted) return 'Canceled';
  try {
    return conditionHolds(part, host, host.status()) || 'Skipped';
  } catch (error) {
    state.sink.issue({ type: 'error', message: wordsFor(error).join('\n') });
    return 'Failed';
  }
}

const ALWAYS = 'always()';

function conditionHolds({ plan, part }: StepPart, host: PartHost, job: JobStatus): boolean {
  const condition: Text | undefined =
    part === 'postjob' ? { text: ALWAYS, place: plan.place } : plan.condition;
  const names = new Map<string, Value>(host.state.variables.all().map((one) => [one.name, one.value]));
  return evaluateCondition(condition, { names: { variables: names }, status: { of: 'step', job } });
}

/** A cancelled job cancels its running step, unless the step's condition holds for a cancelled job too. */
function signalsFor(
  part: StepPart,
  host: PartHost,
): { cancel: AbortSignal; kill: AbortSignal; dispose(): void } {
  const cancel = new AbortController();
  const onCancel = (): void => {
    if (!holdsWhenCanceled(part, host)) cancel.abort();
  };
  const { requested, kill } = host.cancellation;
  requested.addEventListener('abort', onCancel, { once: true });
  return { cancel: cancel.signal, kill, dispose: () => requested.removeEventListener('abort', onCancel) };
}

function holdsWhenCanceled(part: StepPart, host: PartHost): boolean {
  try {
    return conditionHolds(part, host, 'Canceled');
  } catch {
    // It could be evaluated when the step started; if it cannot now, the step is not one to spare.
    return false;
  }
}

/** What a step needs is put together at its first attempt, so that a problem with it fails the step, and only once. */
function lazily(make: () => Attempt): Attempt {
  let attempt: Attempt | undefined;
  return (signals) => {
    attempt ??= make();
    return attempt(signals);
  };
}

function attemptFor(part: StepPart, state: StepState, host: PartHost): Attempt {
  const { plan, definition } = part;
  const env = new Map([...plan.env].map(([name, text]) => [name, expand(text.text, host)]));
  const step: RunningStep = { place: plan.place, state, env };
  switch (plan.kind) {
    case 'task':
      return taskAttempt(plan, definitionFor(definition), part.part, step, host);
    case 'script':
      return scriptAttempt(plan, step, host);
    case 'publish':
      return publishAttempt(plan, step, host);
    case 'download':
      return downloadAttempt(plan, step, host);
    case 'checkout':
      return checkoutAttempt(plan, step, host);
  }
}

function definitionFor(definition: StepPart['definition']): NonNullable<StepPart['definition']> {
  if (!definition) throw new TypeError('A task step was planned without its task.');
  return definition;
}
