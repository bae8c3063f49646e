import { randomUUID } from 'node:crypto';
import type { TaskResult } from '../agent/results.ts';
import type { JobPlan, StagePlan } from '../plan.ts';
import type { JobRecord, StageRecord } from '../record/model.ts';
import { markFinished, markStarted, recordResult } from '../record/recorder.ts';
import { approvalsOf, environmentName, passGate } from './approval.ts';
import { issuesOf, shallRun } from './conditions.ts';
import type { RunContext } from './context.ts';
import { allBefore, limiter, runGraph, type NodeEnd } from './graph.ts';
import { runJob } from './job.ts';
import { phaseOf } from './jobRequest.ts';
import type { Environment } from './options.ts';
import { jobsOfStages, mergeEnds, secretsIn, stageDependencies, worst, type JobEnd } from './results.ts';
import { evaluateVariables, variablesValue, type EvaluatedVariable } from './variables.ts';

/** Runs one stage from its condition over its approvals to its result. `held`: an approval was not answered. */
export async function runStage(
  plan: StagePlan,
  record: StageRecord,
  environments: readonly Environment[],
  context: RunContext,
): Promise<NodeEnd> {
  const jobs = new Map<string, JobEnd>();
  const result = await attempt(plan, record, environments, jobs, context);
  if (result === 'waiting') {
    record.state = 'waiting';
    context.saveState();
    context.recorder.tell.stage(record);
    return 'held';
  }
  markFinished(record, context.clock);
  record.state = 'completed';
  record.result = recordResult(result);
  context.ends.set(plan.name, { result, jobs });
  // The state first: what it holds counts when a kill falls between the two.
  context.saveState();
  context.recorder.tell.stage(record);
  context.recorder.save();
  return 'ended';
}

async function attempt(
  plan: StagePlan,
  record: StageRecord,
  environments: readonly Environment[],
  ends: Map<string, JobEnd>,
  context: RunContext,
): Promise<TaskResult | 'waiting'> {
  try {
    const names = namesFor(plan, context);
    const secrets = secretsIn(context.ends.values());
    const variables = evaluateVariables(plan.variables, context.variables, { names, secrets });
    if (!isWanted(plan, context, { ...names, variables: variablesValue(variables) }))
      return skipAll(record, context);
    const gate = await passGate(approvalsOf(plan, variables, environments), { plan, record }, context);
    if (gate === 'waiting') return 'waiting';
    if (gate !== 'open') return closedBy(gate, record, context);
    return await runJobs(plan, record, variables, ends, context);
  } catch (error) {
    record.issues.push(...issuesOf(error));
    skipAll(record, context);
    return 'Failed';
  }
}

function namesFor(plan: StagePlan, context: RunContext) {
  return {
    dependencies: stageDependencies(plan.dependsOn, context.ends),
    stageDependencies: jobsOfStages(plan, context.ends),
    pipeline: new Map([['startTime', context.recorder.run.startTime ?? '']]),
  };
}

function isWanted(
  plan: StagePlan,
  context: RunContext,
  names: Parameters<typeof shallRun>[0]['names'],
): boolean {
  const before = [...allBefore(plan, context.plan.stages)];
  const results = new Map<string, TaskResult>(
    before.flatMap((name) => {
      const end = context.ends.get(name);
      return end ? [[name, end.result] as const] : [];
    }),
  );
  return shallRun({ condition: plan.condition, names, results, canceled: context.interrupts.cancel.aborted });
}

/** A rejected approval fails the stage; cancelling while it waits cancels it. */
function closedBy(gate: 'rejected' | 'canceled', record: StageRecord, context: RunContext): TaskResult {
  skipAll(record, context);
  if (gate === 'canceled') return 'Canceled';
  const rejected = record.approvals.filter((one) => one.status === 'rejected').map((one) => one.environment);
  record.issues.push({
    type: 'error',
    message: `The deployment to '${rejected.join("', '")}' was rejected.`,
  });
  return 'Failed';
}

function skipAll(record: StageRecord, { recorder }: RunContext): 'Skipped' {
  for (const job of record.jobs.filter((one) => one.state !== 'completed')) {
    job.state = 'completed';
    job.result = 'skipped';
    recorder.tell.job(record, job);
  }
  return 'Skipped';
}

async function runJobs(
  plan: StagePlan,
  stageRecord: StageRecord,
  variables: readonly EvaluatedVariable[],
  ends: Map<string, JobEnd>,
  context: RunContext,
): Promise<TaskResult | 'waiting'> {
  markStarted(stageRecord, context.clock);
  stageRecord.state = 'inProgress';
  context.recorder.tell.stage(stageRecord);
  const limits = new Map(plan.jobs.map((job) => [phaseOf(job), limiter(job.copyOf?.maxParallel ?? 0)]));
  const nodes = plan.jobs.map((job) => ({ name: job.name, dependsOn: job.dependsOn, job }));
  const results: TaskResult[] = [];
  const [before, ended] = [context.halfway.get(plan.name), new Map<string, JobEnd>()];
  const keep = ({ name }: JobPlan, phase: string, end: JobEnd): 'ended' => {
    results.push(end.result);
    ended.set(name, end);
    ends.set(phase, mergeEnds(ends.get(phase), end));
    return 'ended';
  };
  await runGraph(nodes, async ({ job }) => {
    const name = phaseOf(job);
    const record = recordOf(job, stageRecord);
    const known = before?.get(job.name);
    if (known) {
      record.state = 'completed';
      record.result = recordResult(known.result);
      return keep(job, name, known);
    }
    if (job.kind === 'deployment' && job.environment)
      record.environment = environmentName(job.environment.text, variables);
    const request = {
      plan: job,
      record,
      stage: plan,
      stageRecord,
      outer: variables,
      ends: new Map(ends),
      cancel: context.interrupts.cancel,
    };
    const end = await limits.get(name)!(() => runJob(request, context));
    return end === 'waiting' ? 'held' : keep(job, name, end);
  });
  if (ended.size < nodes.length) {
    context.halfway.set(plan.name, ended);
    return 'waiting';
  }
  context.halfway.delete(plan.name);
  return worst(results);
}

function recordOf(job: JobPlan, stage: StageRecord): JobRecord {
  const found = stage.jobs.find((one) => one.name === job.name);
  if (!found) throw new TypeError(`The job '${job.name}' has no record.`);
  return found;
}

/** The record of a stage that has not run; also of its next attempt, which keeps the stage's id and approvals. */
export function newStageRecord(plan: StagePlan): StageRecord {
  return {
    id: randomUUID(),
    name: plan.name,
    displayName: plan.displayName,
    dependsOn: plan.dependsOn,
    attempt: 1,
    state: 'pending',
    issues: [],
    approvals: [],
    jobs: plan.jobs.map(newJobRecord),
  };
}

export function newJobRecord(plan: JobPlan): JobRecord {
  return {
    id: randomUUID(),
    name: plan.name,
    displayName: plan.displayName,
    kind: plan.kind,
    dependsOn: plan.dependsOn,
    ...(plan.kind === 'deployment' && plan.environment && { environment: plan.environment.text }),
    state: 'pending',
    variables: [],
    issues: [],
    steps: [],
  };
}
