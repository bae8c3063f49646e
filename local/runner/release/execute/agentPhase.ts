import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { RunSink } from '../../agent/state.ts';
import type { VariableStore } from '../../agent/variables/variables.ts';
import type { TaskResult } from '../../agent/results.ts';
import { runAgent } from '../../execute/agent.ts';
import type { AgentPhasePlan } from '../plan.ts';
import type { ReleaseContext } from './context.ts';
import { downloadSteps, folderArtifacts } from './downloads.ts';
import type { PhaseRequest } from './phaseRequest.ts';
import { phaseVariables, releaseAgentVariables, releaseVariables } from './predefined.ts';
import { factsFor } from './variables.ts';

/** Runs a job on an agent of its own: artifacts first, then the job's tasks. */
export async function runAgentPhase(
  request: PhaseRequest<AgentPhasePlan>,
  context: ReleaseContext,
): Promise<TaskResult> {
  const { phase, stage, stageRecord, job, own } = request;
  const { timeoutInMinutes, cancelTimeoutInMinutes, cancel } = request;
  const { recorder, devops, projectId, state } = context;
  const planId = job.planId ?? recorder.run.planId;
  const ids = { planId, jobId: job.id };
  const oidcRequestUri = devops.oidcRequestUri(ids, 'release');
  const facts = factsFor(stage, stageRecord, context);
  const { status } = await runAgent(
    {
      ...{ hostType: 'release', stage: stageRecord, job, hook: undefined, displayName: phase.name },
      ...{ timeoutInMinutes, cancelTimeoutInMinutes, cancel, planId, variables: own },
      steps: [...downloadSteps(phase, context), ...phase.steps],
      predefined: (folders) => ({
        ...releaseVariables(facts),
        ...phaseVariables({
          ...{ run: recorder.run, stage: stageRecord, job, phase, planId },
          ...{ timeoutInMinutes, oidcRequestUri },
        }),
        ...releaseAgentVariables(job, folders, phase.skipArtifactsDownload),
      }),
      enableAccessToken: phase.enableAccessToken,
      marks: { AZURE_HTTP_USER_AGENT: `VSTS_${projectId}_release_${facts.plan.id}_${recorder.run.id}` },
      artifacts: folderArtifacts(state.artifacts, path.dirname(recorder.folder)),
      checkout: () => Promise.reject(new TypeError('A release has no repository to check out.')),
      sink: (variables) => releaseSink(context, variables),
    },
    context,
  );
  return status;
}

/** A release is no build: what its steps say about builds would reach a foreign one. */
function releaseSink({ recorder }: ReleaseContext, variables: VariableStore): RunSink {
  const { run, tell } = recorder;
  const refuse = (what: string) => (): never => {
    const message = `${what} is for builds; this is a release, whose Build.BuildId is the version of its primary artifact.`;
    throw new Problem({ code: 'unsupported', message });
  };
  return {
    setReleaseName(name) {
      run.name = name;
      variables.set('Release.ReleaseName', name);
      tell.run(run);
    },
    setBuildNumber: refuse('Changing the build number'),
    addTag: refuse('Adding a build tag'),
    uploadArtifact: refuse('Uploading an artifact'),
    associateArtifact: refuse('Naming an artifact'),
  };
}
