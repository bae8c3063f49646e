import { randomUUID } from 'node:crypto';
import { expandMacros } from '../../agent/variables/macros.ts';
import type { TaskResult } from '../../agent/results.ts';
import { issuesOf, shallRun } from '../../execute/conditions.ts';
import { limiter } from '../../execute/graph.ts';
import { worst } from '../../execute/results.ts';
import type { Text } from '../../plan.ts';
import type { JobRecord, StageRecord } from '../../record/model.ts';
import { markFinished, markStarted, recordResult } from '../../record/recorder.ts';
import type { PhasePlan, ReleaseStagePlan } from '../plan.ts';
import type { PhaseEnd, PhaseRequest } from './phaseRequest.ts';
import { runAgentPhase } from './agentPhase.ts';
import type { ReleaseContext } from './context.ts';
import { copiesOf, type PhaseCopy } from './copies.ts';
import { newServerJob } from './serverJob.ts';
import { runServerPhase } from './serverPhase.ts';
import { conditionVariables, factsFor, lookupIn, snapshot } from './variables.ts';

/** Runs a stage's jobs one after the other; later variables of the release are for later stages. */
export async function runPhases(
  stage: ReleaseStagePlan,
  stageRecord: StageRecord,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  const own = snapshot(stage, context);
  const results = new Map<string, TaskResult>();
  for (const phase of stage.phases) {
    const end = await runCopies({ phase, stage, stageRecord, own }, results, context);
    if (end === 'waiting') return end;
    results.set(phase.refName, end);
  }
  return worst([...results.values()]);
}

/** All copies of a job, as many side by side as it allows; most jobs are one. */
async function runCopies(
  request: Omit<Unready, 'job'>,
  before: ReadonlyMap<string, TaskResult>,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  const { phase, stageRecord } = request;
  const limit = limiter(phase.copies?.multipliers.length ? phase.copies.most : 0);
  const jobs = copiesOf(phase, request.own).map((copy) => ({
    job: jobFor(phase.kind, copy, stageRecord, context),
    own: copy.own,
  }));
  const ends = await context.time.wait(() =>
    Promise.all(
      jobs.map((one) =>
        limit(() => context.time.strand(() => runPhase({ ...request, ...one }, before, context))),
      ),
    ),
  );
  const results = ends.filter((end) => end !== 'waiting');
  return results.length < ends.length ? 'waiting' : worst(results);
}

/** A continued stage finds the jobs that have ended. */
function jobFor(
  kind: PhasePlan['kind'],
  copy: PhaseCopy,
  stage: StageRecord,
  { recorder }: ReleaseContext,
): JobRecord {
  const known = stage.jobs.find((one) => one.name === copy.refName);
  if (known) return known;
  const job = newJob(kind, copy);
  stage.jobs.push(job);
  recorder.tell.job(stage, job);
  return job;
}

function newJob(kind: PhasePlan['kind'], { refName, displayName }: PhaseCopy): JobRecord {
  if (kind === 'server') return newServerJob('server', refName, displayName);
  return {
    ...{ id: randomUUID(), planId: randomUUID(), name: refName, displayName, kind: 'job' },
    ...{ dependsOn: [], state: 'pending', variables: [], issues: [], steps: [] },
  };
}

type Unready = Pick<PhaseRequest, 'phase' | 'stage' | 'stageRecord' | 'job' | 'own'>;

async function runPhase(
  request: Unready,
  before: ReadonlyMap<string, TaskResult>,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  const { job, stageRecord } = request;
  const known = job.state === 'completed' ? job.result : undefined;
  if (known) return RESULTS[known] ?? 'Failed';
  const end = await attempt(request, before, context);
  if (end === 'waiting') return end;
  markFinished(job, context.time);
  job.state = 'completed';
  job.result = recordResult(end);
  context.recorder.tell.job(stageRecord, job);
  context.recorder.save();
  return end;
}

const RESULTS: Readonly<Record<string, TaskResult>> = {
  succeeded: 'Succeeded',
  succeededWithIssues: 'SucceededWithIssues',
  failed: 'Failed',
  canceled: 'Canceled',
  skipped: 'Skipped',
};

async function attempt(
  request: Unready,
  before: ReadonlyMap<string, TaskResult>,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  const { phase, job } = request;
  try {
    const isCanceled = context.interrupts.cancel.aborted;
    if (!isWanted(request, before, context)) return isCanceled ? 'Canceled' : 'Skipped';
    const cancel = isCanceled ? new AbortController().signal : context.interrupts.cancel;
    const ready = { ...request, ...limitsOf(request, context), cancel };
    markStarted(job, context.time);
    job.state = 'inProgress';
    context.recorder.tell.job(request.stageRecord, job);
    if (phase.kind === 'server') return await runServerPhase({ ...ready, phase }, context);
    return await context.limitJobs(() => runAgentPhase({ ...ready, phase }, context));
  } catch (error) {
    job.issues.push(...issuesOf(error));
    return 'Failed';
  }
}

function isWanted(
  { phase, stage, stageRecord, own }: Unready,
  before: ReadonlyMap<string, TaskResult>,
  context: ReleaseContext,
): boolean {
  const variables = conditionVariables(own, factsFor(stage, stageRecord, context));
  return shallRun({
    condition: phase.condition,
    names: { variables },
    // What a job before left out says nothing about those that follow.
    results: new Map([...before].filter(([, result]) => result !== 'Skipped')),
    canceled: context.interrupts.cancel.aborted,
  });
}

function limitsOf(
  { phase, stage, stageRecord, own }: Unready,
  context: ReleaseContext,
): Pick<PhaseRequest, 'timeoutInMinutes' | 'cancelTimeoutInMinutes'> {
  const lookup = lookupIn(own, factsFor(stage, stageRecord, context));
  const minutes = ({ text }: Text): number => {
    const number = Number(expandMacros(text, lookup));
    return Number.isFinite(number) && number > 0 ? number : 0;
  };
  return {
    timeoutInMinutes: minutes(phase.timeoutInMinutes),
    cancelTimeoutInMinutes: minutes(phase.cancelTimeoutInMinutes) || 1,
  };
}
