import { Problem } from '../../../shared/problem/index.ts';
import type { TaskResult } from '../agent/results.ts';
import type { RunSink } from '../agent/state.ts';
import type { VariableStore } from '../agent/variables/variables.ts';
import { runAgent } from './agent.ts';
import type { RunContext } from './context.ts';
import { phaseOf, type AgentWork, type JobRequest } from './jobRequest.ts';
import { jobVariables, runVariables } from './predefined.ts';
import type { OutputValue } from './results.ts';
import { copySource } from './source.ts';
import type { EvaluatedVariable } from './variables.ts';

/** Runs steps of a pipeline's job on an agent of their own. */
export async function runOnAgent(
  request: JobRequest,
  work: AgentWork,
  variables: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<{ status: TaskResult; outputs: Map<string, OutputValue> }> {
  const { record: job, stageRecord: stage, plan, cancel } = request;
  const { recorder, devops, projectId } = context;
  const { run } = recorder;
  const ids = { planId: run.planId, jobId: job.id };
  const facts = runVariables({ ...context, run, collectionUri: devops.collectionUri });
  return runAgent(
    {
      ...{ stage, job, cancel, variables, planId: run.planId },
      hostType: 'build',
      hook: work.hook,
      steps: work.steps,
      displayName: plan.displayName,
      timeoutInMinutes: plan.timeoutInMinutes,
      cancelTimeoutInMinutes: plan.cancelTimeoutInMinutes,
      predefined: (folders) => ({
        ...facts,
        ...jobVariables({
          ...{ stage, job, folders },
          phase: phaseOf(plan),
          instance: work.instance,
          timeoutInMinutes: plan.timeoutInMinutes,
          oidcRequestUri: devops.oidcRequestUri(ids),
        }),
      }),
      enableAccessToken: true,
      marks: { TF_BUILD: 'True', AZURE_HTTP_USER_AGENT: `VSTS_${projectId}_build_1_1` },
      artifacts: context.artifacts,
      checkout: (target) => copySource(context.sourceFolder, target, []),
      sink: (all) => runSink(context, all),
    },
    context,
  );
}

function runSink({ recorder, artifacts }: RunContext, variables: VariableStore): RunSink {
  const { run, tell } = recorder;
  return {
    setBuildNumber(name) {
      run.name = name;
      variables.set('Build.BuildNumber', name);
      tell.run(run);
    },
    setReleaseName() {
      throw new Problem({ code: 'unsupported', message: 'A pipeline run is no release.' });
    },
    addTag(tag) {
      if (!run.tags.includes(tag)) run.tags.push(tag);
      tell.run(run);
    },
    uploadArtifact: artifacts.uploadArtifact,
    associateArtifact: artifacts.associateArtifact,
  };
}
