import { randomUUID } from 'node:crypto';
import { expandMacros } from '../agent/variables/macros.ts';
import type { ServerJobPlan } from '../plan.ts';
import { traceJob } from '../record/jobTraces.ts';
import type { ApprovalRecord } from '../record/model.ts';
import { askPerson } from '../server/intervention.ts';
import { runServerJob } from '../server/job.ts';
import { openJob, type OpenServerJob } from '../server/open.ts';
import type { Intervention } from '../server/steps.ts';
import { withOutputs } from './agent.ts';
import type { RunContext } from './context.ts';
import { phaseOf, prefixed, type JobRequest } from './jobRequest.ts';
import { placeVariables, runVariables } from './predefined.ts';
import type { JobEnd, OutputValue } from './results.ts';
import type { EvaluatedVariable } from './variables.ts';

/** Runs a job with `pool: server`; `waiting`: a task asks a person, and nobody is there. */
export async function runWithoutAgent(
  plan: ServerJobPlan,
  request: JobRequest,
  own: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<JobEnd | 'waiting'> {
  const { record: job, stageRecord: stage, cancel } = request;
  const open = openFor(plan, request, own, context);
  const outputs = new Map<string, OutputValue>();
  // A continued job starts over: what its tasks do may be done again.
  job.steps.splice(0);
  const traces = withOutputs(traceJob(stage, job, undefined, open.masker, context.recorder), outputs);
  const { steps, timeoutInMinutes } = plan;
  const end = await runServerJob(
    {
      ...{ steps, open, traces, timeoutInMinutes, cancel },
      intervene(step, own) {
        const approval = approvalFor(step, open, request, context);
        return askPerson({ step, traces: own, stage, approval, mayExpire: false }, context);
      },
    },
    context,
  );
  if (end === 'waiting') return end;
  return { result: end, outputs: prefixed(outputs, plan.copyOf ? `${plan.copyOf.copy}.` : '') };
}

function openFor(
  plan: ServerJobPlan,
  { record: job, stageRecord: stage }: JobRequest,
  own: readonly EvaluatedVariable[],
  context: RunContext,
): OpenServerJob {
  const { recorder, devops } = context;
  const { run } = recorder;
  const { planId } = run;
  const predefined = {
    ...runVariables({ ...context, run, collectionUri: devops.collectionUri }),
    ...placeVariables({
      ...{ stage, job, phase: phaseOf(plan), instance: plan.copyOf?.copy ?? '__default' },
      timeoutInMinutes: plan.timeoutInMinutes,
      oidcRequestUri: devops.oidcRequestUri({ planId, jobId: job.id }),
    }),
  };
  return openJob({ job, planId, own, predefined }, context);
}

/** A continued run finds the question it waited for. */
function approvalFor(
  step: Intervention,
  { variables }: OpenServerJob,
  { record, stageRecord }: JobRequest,
  { clock }: RunContext,
): ApprovalRecord {
  const known = stageRecord.approvals.find((one) => one.job === record.name && one.status === 'pending');
  if (known) return known;
  const instructions = expandMacros(step.instructions.text, (name) => variables.get(name));
  const approval: ApprovalRecord = {
    ...{ id: randomUUID(), environment: stageRecord.name, job: record.name, instructions },
    ...{ approvers: [], status: 'pending', createdOn: clock.now().toISOString() },
  };
  stageRecord.approvals.push(approval);
  return approval;
}
