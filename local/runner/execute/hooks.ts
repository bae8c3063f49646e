import { mergeResults, type TaskResult } from '../agent/results.ts';
import type { DeploymentHook, DeploymentJobPlan } from '../plan.ts';
import type { RunContext } from './context.ts';
import { runOnAgent } from './agentJob.ts';
import { prefixed, type JobRequest } from './jobRequest.ts';
import type { JobEnd, OutputValue } from './results.ts';
import type { EvaluatedVariable } from './variables.ts';

/** Runs a deployment's hooks, each on an agent of its own: in order until one fails, then `on.success` or `on.failure`. */
export async function deployInHooks(
  plan: DeploymentJobPlan,
  request: JobRequest,
  variables: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<JobEnd> {
  const outputs = new Map<string, OutputValue>();
  const run = async (hook: DeploymentHook): Promise<TaskResult> => {
    const work = { steps: hook.steps, instance: instanceOf(hook), hook: hook.name };
    const end = await runOnAgent(request, work, variables, context);
    for (const [name, value] of prefixed(end.outputs, `${outputPrefix(hook, plan)}.`))
      outputs.set(name, value);
    return end.status;
  };
  const inOrder = plan.hooks.filter((hook) => !hook.name.startsWith('on.'));
  const result = await runUntilBad(inOrder, 'Succeeded', run);
  const last = result === 'Failed' ? 'on.failure' : 'on.success';
  const atTheEnd = result === 'Canceled' ? [] : plan.hooks.filter((hook) => hook.name === last);
  let final = result;
  for (const hook of atTheEnd) final = mergeResults(final, await run(hook));
  return { result: final, outputs };
}

async function runUntilBad(
  hooks: readonly DeploymentHook[],
  before: TaskResult,
  run: (hook: DeploymentHook) => Promise<TaskResult>,
): Promise<TaskResult> {
  const [hook, ...rest] = hooks;
  if (!hook || before === 'Failed' || before === 'Canceled') return before;
  return runUntilBad(rest, mergeResults(before, await run(hook)), run);
}

function instanceOf({ name }: DeploymentHook): string {
  return name.replace(/^on\./, '').replace(/^./, (first) => first.toUpperCase());
}

/** Outputs of the deploy hook go by the job's name, those of other hooks by the hook's. */
function outputPrefix(hook: DeploymentHook, plan: DeploymentJobPlan): string {
  return hook.name === 'deploy' ? plan.name : hook.name.replace(/^on\./, '');
}
