import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createEndpoints } from '../agent/endpoints.ts';
import { createAgentFolders } from '../agent/folders.ts';
import { runAgentJob } from '../agent/job.ts';
import type { TaskResult } from '../agent/results.ts';
import { runMark } from '../agent/process/reap.ts';
import type { JobTraces } from '../agent/traces.ts';
import { createMasker, type Masker } from '../agent/variables/masker.ts';
import { createVariables, type VariableStore } from '../agent/variables/variables.ts';
import type { StepHost } from '../agent/steps/step.ts';
import { traceJob } from '../record/jobTraces.ts';
import type { VariableRecord } from '../record/model.ts';
import type { RunContext } from './context.ts';
import { phaseOf, type AgentWork, type JobRequest } from './jobRequest.ts';
import { jobVariables, runVariables } from './predefined.ts';
import type { OutputValue } from './results.ts';
import { copySource } from './source.ts';
import type { EvaluatedVariable } from './variables.ts';

/** Runs steps on an agent of their own: fresh folders, a token that ends with them. */
export async function runOnAgent(
  request: JobRequest,
  work: AgentWork,
  variables: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<{ status: TaskResult; outputs: Map<string, OutputValue> }> {
  const agent = await prepareAgent(request, work, variables, context);
  const { plan } = request;
  try {
    const status = await runAgentJob({
      displayName: plan.displayName,
      steps: work.steps,
      host: agent.host,
      traces: agent.traces,
      timeoutInMinutes: plan.timeoutInMinutes,
      cancelTimeoutInMinutes: plan.cancelTimeoutInMinutes,
      cancel: agent.cancel,
      kill: context.interrupts.kill,
    });
    return { status, outputs: agent.outputs() };
  } finally {
    agent.end();
    if (!context.keepWork) await rm(agent.host.folders.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface PreparedAgent {
  readonly host: StepHost;
  readonly traces: JobTraces;
  readonly cancel: AbortSignal;
  /** What the steps set for other jobs, by `step.variable`. */
  outputs(): Map<string, OutputValue>;
  /** Takes the token away and writes down the variables as they ended. */
  end(): void;
}

/** An agent of its own for some steps: empty folders, their variables, connections, a token, a masker. */
async function prepareAgent(
  request: JobRequest,
  work: AgentWork,
  own: readonly EvaluatedVariable[],
  context: RunContext,
): Promise<PreparedAgent> {
  const { record, stageRecord, plan } = request;
  const ids = { planId: context.recorder.run.planId, jobId: record.id };
  const { token, end } = context.devops.admitJob(ids);
  const masker = createMasker(Number(context.environment['AZP_IGNORE_SECRETS_SHORTER_THAN'] ?? 0));
  const folders = await createAgentFolders(path.join(context.agentsFolder, randomUUID().slice(0, 8)));
  const variables = createVariables();
  for (const { name, value, isSecret, isReadOnly } of own)
    variables.set(name, value, { isSecret, isReadOnly });
  addPredefined(variables, {
    ...runVariables({ ...context, run: context.recorder.run, collectionUri: context.devops.collectionUri }),
    ...jobVariables({
      stage: stageRecord,
      job: record,
      phase: phaseOf(plan),
      instance: work.instance,
      timeoutInMinutes: plan.timeoutInMinutes,
      folders,
      oidcRequestUri: context.devops.oidcRequestUri(ids),
    }),
    ...context.agentVariables,
  });
  variables.set('System.AccessToken', token, { isSecret: true, isReadOnly: true });
  hideSecrets(variables, masker);
  const outputs = new Map<string, OutputValue>();
  const state = {
    hostType: 'build' as const,
    variables,
    masker,
    endpoints: createEndpoints(
      { url: context.devops.collectionUri, accessToken: token },
      context.connections,
      masker,
    ),
    prependedPaths: [],
    run: runSink(context, variables),
  };
  return {
    host: {
      state,
      folders,
      catalog: context.catalog,
      environment: { ...context.environment, ...agentMarks(context) },
      nodeBinary: context.nodeBinary,
      clock: context.clock,
      lookupId: `${runMark(ids.planId)}_${randomUUID()}`,
      artifacts: context.artifacts,
      checkout: (target) => copySource(context.sourceFolder, target, []),
    },
    traces: withOutputs(traceJob(stageRecord, record, work.hook, masker, context.recorder), outputs),
    cancel: request.cancel,
    outputs: () => outputs,
    end() {
      end();
      record.variables = recordVariables(variables, masker);
    },
  };
}

/** By these a program sees that it runs in Azure Pipelines, and tells services so. */
function agentMarks({ projectId }: RunContext): Record<string, string> {
  return { TF_BUILD: 'True', AZURE_HTTP_USER_AGENT: `VSTS_${projectId}_build_1_1` };
}

/** What the service sets wins over what a pipeline sets under the same name. */
function addPredefined(variables: VariableStore, predefined: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(predefined)) {
    variables.set(name, value, { isReadOnly: true, isSecret: /password/i.test(name) });
  }
}

function hideSecrets(variables: VariableStore, masker: Masker): void {
  for (const { value, isSecret } of variables.all()) if (isSecret) masker.addJobSecret(value);
}

function runSink({ recorder, artifacts }: RunContext, variables: VariableStore) {
  const { run, tell } = recorder;
  return {
    setBuildNumber(name: string): void {
      run.name = name;
      variables.set('Build.BuildNumber', name);
      tell.run(run);
    },
    addTag(tag: string): void {
      if (!run.tags.includes(tag)) run.tags.push(tag);
      tell.run(run);
    },
    uploadArtifact: artifacts.uploadArtifact,
    associateArtifact: artifacts.associateArtifact,
  };
}

/** Output variables go to the record masked, and to other jobs as they are. */
function withOutputs(traces: JobTraces, outputs: Map<string, OutputValue>): JobTraces {
  return {
    ...traces,
    addStep(info) {
      const step = traces.addStep(info);
      return {
        ...step,
        sink: {
          ...step.sink,
          output(name, value, isSecret) {
            outputs.set(`${info.refName}.${name}`, { value, isSecret });
            step.sink.output(name, value, isSecret);
          },
        },
      };
    },
  };
}

function recordVariables(variables: VariableStore, masker: Masker): VariableRecord[] {
  const all = variables.all().map(({ name, value, isSecret }) => ({
    name,
    value: isSecret ? '***' : masker.mask(value),
    isSecret,
  }));
  return all.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}
