import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../agent/clock.ts';
import { createEndpoints } from '../agent/endpoints.ts';
import { createAgentFolders, type AgentFolders } from '../agent/folders.ts';
import { runAgentJob } from '../agent/job.ts';
import { runMark } from '../agent/process/reap.ts';
import type { TaskResult } from '../agent/results.ts';
import type { HostType, RunSink } from '../agent/state.ts';
import type { ArtifactStore, StepHost } from '../agent/steps/step.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import type { JobTraces } from '../agent/traces.ts';
import { createMasker, type Masker } from '../agent/variables/masker.ts';
import { createVariables, type VariableStore } from '../agent/variables/variables.ts';
import type { ServiceConnection } from '../connections.ts';
import type { DevOpsServer } from '../../devops/index.ts';
import type { StepPlan } from '../plan.ts';
import { traceJob } from '../record/jobTraces.ts';
import type { JobRecord, StageRecord, VariableRecord } from '../record/model.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Interrupts } from './options.ts';
import type { Predefined } from './predefined.ts';
import type { OutputValue } from './results.ts';
import type { EvaluatedVariable } from './variables.ts';

/** What all agents of a run or release share. */
export interface AgentContext {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly interrupts: Interrupts;
  readonly devops: DevOpsServer;
  /** Agents get their folders below this one. */
  readonly agentsFolder: string;
  readonly keepWork: boolean;
  readonly catalog: TaskCatalog;
  readonly connections: readonly ServiceConnection[];
  /** The environment of agent processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly agentVariables: Readonly<Record<string, string>>;
  readonly nodeBinary: string;
}

/** Steps for one agent, and what is special about it. */
export interface AgentRequest {
  readonly hostType: HostType;
  readonly stage: StageRecord;
  readonly job: JobRecord;
  readonly hook: string | undefined;
  readonly steps: readonly StepPlan[];
  readonly displayName: string;
  /** 0 means no limit. */
  readonly timeoutInMinutes: number;
  readonly cancelTimeoutInMinutes: number;
  readonly cancel: AbortSignal;
  /** Whose plan the agent's requests name. */
  readonly planId: string;
  readonly variables: readonly EvaluatedVariable[];
  readonly predefined: (folders: AgentFolders) => Predefined;
  /** Whether steps may read the token as a variable. */
  readonly enableAccessToken: boolean;
  /** By these a program sees where it runs, and tells services so. */
  readonly marks: Readonly<Record<string, string>>;
  readonly artifacts: ArtifactStore;
  readonly checkout: StepHost['checkout'];
  readonly sink: (variables: VariableStore) => RunSink;
}

interface PreparedAgent {
  readonly host: StepHost;
  readonly traces: JobTraces;
  /** What the steps set for other jobs, by `step.variable`. */
  readonly outputs: Map<string, OutputValue>;
  /** Takes the token away and writes down the variables as they ended. */
  end(): void;
}

/** Runs steps on an agent of their own: fresh folders, a token that ends with them. */
export async function runAgent(
  request: AgentRequest,
  context: AgentContext,
): Promise<{ status: TaskResult; outputs: Map<string, OutputValue> }> {
  const { host, traces, outputs, end } = await prepareAgent(request, context);
  const { steps, displayName, timeoutInMinutes, cancelTimeoutInMinutes, cancel } = request;
  const limits = { displayName, timeoutInMinutes, cancelTimeoutInMinutes, cancel };
  try {
    const { kill } = context.interrupts;
    return { status: await runAgentJob({ ...limits, steps, host, traces, kill }), outputs };
  } finally {
    end();
    if (!context.keepWork) await rm(host.folders.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** An agent of its own for some steps: empty folders, their variables, connections, a token, a masker. */
async function prepareAgent(request: AgentRequest, context: AgentContext): Promise<PreparedAgent> {
  const { stage, job, hook } = request;
  const { token, end } = context.devops.admitJob({ planId: request.planId, jobId: job.id });
  const masker = createMasker(Number(context.environment['AZP_IGNORE_SECRETS_SHORTER_THAN'] ?? 0));
  const root = path.join(context.agentsFolder, randomUUID().slice(0, 8));
  const folders = await createAgentFolders(root, request.hostType);
  const variables = createVariables();
  for (const { name, value, isSecret, isReadOnly } of request.variables)
    variables.set(name, value, { isSecret, isReadOnly });
  addPredefined(variables, { ...request.predefined(folders), ...context.agentVariables });
  if (request.enableAccessToken)
    variables.set('System.AccessToken', token, { isSecret: true, isReadOnly: true });
  for (const { value, isSecret } of variables.all()) if (isSecret) masker.addJobSecret(value);
  const outputs = new Map<string, OutputValue>();
  const url = context.devops.collectionUri;
  return {
    host: {
      state: {
        hostType: request.hostType,
        variables,
        masker,
        endpoints: createEndpoints({ url, accessToken: token }, context.connections, masker),
        prependedPaths: [],
        run: request.sink(variables),
      },
      folders,
      catalog: context.catalog,
      environment: { ...context.environment, ...request.marks },
      nodeBinary: context.nodeBinary,
      clock: context.clock,
      lookupId: `${runMark(context.recorder.run.planId)}_${randomUUID()}`,
      artifacts: request.artifacts,
      checkout: request.checkout,
    },
    traces: withOutputs(traceJob(stage, job, hook, masker, context.recorder), outputs),
    outputs,
    end() {
      end();
      job.variables = recordVariables(variables, masker);
    },
  };
}

/** What the service sets wins over what a pipeline sets under the same name. */
function addPredefined(variables: VariableStore, predefined: Predefined): void {
  for (const [name, value] of Object.entries(predefined)) {
    variables.set(name, value, { isReadOnly: true, isSecret: /password/i.test(name) });
  }
}

/** Output variables go to the record masked, and to other jobs as they are. */
export function withOutputs(traces: JobTraces, outputs: Map<string, OutputValue>): JobTraces {
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

/** As a record keeps them: by name, secrets hidden. */
export function recordVariables(variables: VariableStore, masker: Masker): VariableRecord[] {
  const all = variables.all().map(({ name, value, isSecret }) => ({
    name,
    value: isSecret ? '***' : masker.mask(value),
    isSecret,
  }));
  return all.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}
