import { randomUUID } from 'node:crypto';
import { createEndpoints } from '../../agent/endpoints.ts';
import { createMasker } from '../../agent/variables/masker.ts';
import { createVariables, type VariableStore } from '../../agent/variables/variables.ts';
import { recordVariables } from '../../execute/agent.ts';
import type { EvaluatedVariable } from '../../execute/variables.ts';
import type { JobRecord, StageRecord } from '../../record/model.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import { phaseVariables, releaseVariables } from './predefined.ts';
import type { ServerJob } from './serverSteps.ts';
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

/** The surroundings of a job without an agent; `end` takes its token away. */
export function openServerJob(
  wanted: Wanted,
  context: ReleaseContext,
): Pick<ServerJob, 'variables' | 'endpoints' | 'masker'> & { end(): void } {
  const { job } = wanted;
  const planId = job.planId ?? context.recorder.run.planId;
  const { token, end } = context.devops.admitJob({ planId, jobId: job.id });
  const masker = createMasker();
  const variables = variablesFor(wanted, planId, token, context);
  for (const { value, isSecret } of variables.all()) if (isSecret) masker.addJobSecret(value);
  const url = context.devops.collectionUri;
  return {
    variables,
    masker,
    endpoints: createEndpoints({ url, accessToken: token }, context.connections, masker),
    end() {
      end();
      job.variables = recordVariables(variables, masker);
    },
  };
}

function variablesFor(wanted: Wanted, planId: string, token: string, context: ReleaseContext): VariableStore {
  const { stage, stageRecord, job, phase, hub, timeoutInMinutes, own } = wanted;
  const { run } = context.recorder;
  const variables = createVariables();
  for (const { name, value, isSecret } of own) variables.set(name, value, { isSecret });
  const oidcRequestUri = context.devops.oidcRequestUri({ planId, jobId: job.id }, 'release');
  const fixed = {
    ...releaseVariables(factsFor(stage, stageRecord, context)),
    ...phaseVariables({ run, stage: stageRecord, job, phase, planId, timeoutInMinutes, oidcRequestUri }),
    'System.HostType': hub,
  };
  for (const [name, value] of Object.entries(fixed)) variables.set(name, value, { isReadOnly: true });
  variables.set('System.AccessToken', token, { isSecret: true, isReadOnly: true });
  return variables;
}

/** A job that runs without an agent, in the record. */
export function newServerJob(kind: 'server' | 'gates', name: string, displayName: string): JobRecord {
  return {
    ...{ id: randomUUID(), planId: randomUUID(), name, displayName, kind, dependsOn: [] },
    ...{ state: 'pending', variables: [], issues: [], steps: [] },
  };
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
