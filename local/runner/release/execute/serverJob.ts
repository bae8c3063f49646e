import { randomUUID } from 'node:crypto';
import type { EvaluatedVariable } from '../../execute/variables.ts';
import type { JobRecord, StageRecord } from '../../record/model.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import { phaseVariables, releaseVariables } from './predefined.ts';
import { openJob, type OpenServerJob } from '../../server/open.ts';
import { factsFor } from './variables.ts';

interface Wanted {
  readonly stage: ReleaseStagePlan;
  readonly stageRecord: StageRecord;
  readonly job: JobRecord;
  readonly phase: { readonly refName: string; readonly name: string };
  readonly hub: 'release' | 'gates';
  readonly timeoutInMinutes: number;
  readonly own: readonly EvaluatedVariable[];
}

/** The surroundings of a job without an agent of a stage. */
export function openServerJob(wanted: Wanted, context: ReleaseContext): OpenServerJob {
  const { stage, stageRecord, job, phase, hub, timeoutInMinutes, own } = wanted;
  const { run } = context.recorder;
  const planId = job.planId ?? run.planId;
  const oidcRequestUri = context.devops.oidcRequestUri({ planId, jobId: job.id }, 'release');
  const predefined = {
    ...releaseVariables(factsFor(stage, stageRecord, context)),
    ...phaseVariables({ run, stage: stageRecord, job, phase, planId, timeoutInMinutes, oidcRequestUri }),
    'System.HostType': hub,
  };
  return openJob({ job, planId, own, predefined }, context);
}

/** A job that runs without an agent, in the record. */
export function newServerJob(kind: 'server' | 'gates', name: string, displayName: string): JobRecord {
  return {
    ...{ id: randomUUID(), planId: randomUUID(), name, displayName, kind, dependsOn: [] },
    ...{ state: 'pending', variables: [], issues: [], steps: [] },
  };
}
