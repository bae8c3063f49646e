import type { TaskResult } from '../agent/results.ts';
import { markFinished, markStarted, recordResult } from '../record/recorder.ts';
import { issuesOf, shallRun } from './conditions.ts';
import type { RunContext } from './context.ts';
import { allBefore } from './graph.ts';
import { runOnAgent } from './agentJob.ts';
import { deployInHooks } from './hooks.ts';
import { phasesOf, prefixed, type JobRequest } from './jobRequest.ts';
import { jobDependencies, jobsOfStages, secretsIn, type JobEnd } from './results.ts';
import { runWithoutAgent } from './serverJob.ts';
import { evaluateVariables, variablesValue, type EvaluatedVariable } from './variables.ts';

/** Runs one job from its condition to its result; whatever goes wrong becomes the job's result. `waiting`: nobody answers it. */
export async function runJob(request: JobRequest, context: RunContext): Promise<JobEnd | 'waiting'> {
  const { record, stageRecord, plan } = request;
  const end = await attempt(request, context);
  if (end === 'waiting') return end;
  const result = end.result === 'Failed' && plan.continueOnError ? 'SucceededWithIssues' : end.result;
  markFinished(record, context.clock);
  record.state = 'completed';
  record.result = recordResult(result);
  context.recorder.tell.job(stageRecord, record);
  return { ...end, result };
}

async function attempt(request: JobRequest, context: RunContext): Promise<JobEnd | 'waiting'> {
  const { record } = request;
  try {
    const names = namesFor(request, context);
    const variables = evaluateVariables(request.plan.variables, request.outer, {
      names,
      secrets: [
        ...secretsIn(context.ends.values()),
        ...secretsIn([{ result: 'Succeeded', jobs: request.ends }]),
      ],
    });
    const seen = { ...names, variables: variablesValue(variables) };
    return await context.limitJobs(async () => {
      // Asked when a place is free: the run may have been cancelled while the job waited for one.
      const cancel = context.interrupts.cancel.aborted
        ? new AbortController().signal
        : context.interrupts.cancel;
      if (!isWanted(request, context, seen)) return nothing('Skipped');
      return runOnAgents({ ...request, cancel }, variables, context);
    });
  } catch (error) {
    record.issues.push(...issuesOf(error));
    return nothing('Failed');
  }
}

function namesFor({ plan, stage, ends }: JobRequest, context: RunContext) {
  return {
    dependencies: jobDependencies(phasesOf(plan.dependsOn, stage), ends),
    stageDependencies: jobsOfStages(stage, context.ends),
    pipeline: new Map([['startTime', context.recorder.run.startTime ?? '']]),
  };
}

function isWanted(
  request: JobRequest,
  context: RunContext,
  names: Parameters<typeof shallRun>[0]['names'],
): boolean {
  const { plan, stage, ends } = request;
  const before = phasesOf([...allBefore(plan, stage.jobs)], stage);
  const results = new Map<string, TaskResult>(
    before.flatMap((name) => {
      const end = ends.get(name);
      return end ? [[name, end.result] as const] : [];
    }),
  );
  const canceled = context.interrupts.cancel.aborted;
  return shallRun({ condition: plan.condition, names, results, canceled });
}

async function runOnAgents(
  request: JobRequest,
  variables: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<JobEnd | 'waiting'> {
  const { plan, record, stageRecord } = request;
  if (context.interrupts.kill.aborted) return nothing('Canceled');
  markStarted(record, context.clock);
  record.state = 'inProgress';
  context.recorder.tell.job(stageRecord, record);
  if (plan.kind === 'deployment') return deployInHooks(plan, request, variables, context);
  if (plan.kind === 'server') return runWithoutAgent(plan, request, variables, context);
  const instance = plan.copyOf?.copy ?? '__default';
  const prefix = plan.copyOf ? `${plan.copyOf.copy}.` : '';
  const { status, outputs } = await runOnAgent(
    request,
    { steps: plan.steps, instance, hook: undefined },
    variables,
    context,
  );
  return { result: status, outputs: prefixed(outputs, prefix) };
}

function nothing(result: TaskResult): JobEnd {
  return { result, outputs: new Map() };
}
