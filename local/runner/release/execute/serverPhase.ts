import { traceJob } from '../../record/jobTraces.ts';
import { runServerJob } from '../../server/job.ts';
import type { ServerPhasePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import { intervene } from './interventions.ts';
import type { PhaseEnd, PhaseRequest } from './phaseRequest.ts';
import { openServerJob } from './serverJob.ts';

/** Runs the tasks of an agentless job of a stage. */
export async function runServerPhase(
  request: PhaseRequest<ServerPhasePlan>,
  context: ReleaseContext,
): Promise<PhaseEnd> {
  const { phase, stageRecord, job, timeoutInMinutes, cancel } = request;
  const open = openServerJob({ ...request, hub: 'release' }, context);
  const traces = traceJob(stageRecord, job, undefined, open.masker, context.recorder);
  // A continued job starts over: what its tasks do may be done again.
  job.steps.splice(0);
  return runServerJob(
    {
      ...{ open, traces, timeoutInMinutes, cancel, steps: phase.steps },
      intervene: (step, own) => intervene(step, own, request, context),
    },
    context,
  );
}
