import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { startDevOps, type DevOpsServer } from '../../devops/index.ts';
import { systemClock } from '../agent/clock.ts';
import { reapLeftovers, runMark } from '../agent/process/reap.ts';
import { agentEnvironment } from '../agent/environment.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import { createDecide } from '../approvals/ask.ts';
import { createDisplay } from '../display/display.ts';
import type { PipelinePlan } from '../plan.ts';
import { keepArtifacts } from '../record/artifacts.ts';
import type { RunRecord } from '../record/model.ts';
import { createRecorder, type Recorder } from '../record/recorder.ts';
import { showRun } from '../record/view.ts';
import type { RunContext } from './context.ts';
import { steadyClock } from '../release/clock.ts';
import { finishRun } from './finish.ts';
import { countersIn } from './counters.ts';
import { limiter, runGraph } from './graph.ts';
import { holdRun } from './hold.ts';
import type { Interrupts, Person, RunOutcome, RunSettings } from './options.ts';
import { runVariables } from './predefined.ts';
import type { JobEnd, StageEnd } from './results.ts';
import { createSeal } from './seal.ts';
import type { Source } from './source.ts';
import { runStage } from './stage.ts';
import { saveState } from './state.ts';
import type { EvaluatedVariable } from './variables.ts';

/** A run about to go on, new or continued. */
export interface Session {
  readonly folder: string;
  readonly run: RunRecord;
  readonly plan: PipelinePlan;
  readonly source: Source;
  readonly projectId: string;
  /** The port the run's server had before; 0 for none. */
  readonly port: number;
  readonly catalog: TaskCatalog;
  readonly user: Person;
  readonly ends: Map<string, StageEnd>;
  /** Jobs that have ended in stages that wait in their midst. */
  readonly halfway: Map<string, ReadonlyMap<string, JobEnd>>;
  /** The pipeline's own variables: evaluated once the predefined ones are known, unless the run has them already. */
  readonly variables: (predefined: readonly EvaluatedVariable[]) => readonly EvaluatedVariable[];
}

/** How many jobs run side by side when nothing else is asked for. */
const MOST_JOBS = 4;

/** Runs what is left of a run's stages, and ends it: completed, or waiting for an approval. */
export async function runSession(session: Session, settings: RunSettings): Promise<RunOutcome> {
  const hold = holdRun(session.folder);
  try {
    await clearRemains(session);
    return await runHeld(session, settings);
  } finally {
    hold.release();
  }
}

async function runHeld(session: Session, settings: RunSettings): Promise<RunOutcome> {
  const clock = settings.clock ?? systemClock;
  const display = createDisplay(settings.terminal, clock, session.run);
  const recorder = createRecorder(session.folder, session.run, clock, [display]);
  const devops = await startDevOps({
    organization: session.run.project.organization,
    project: { id: session.projectId, name: session.run.project.name },
    connections: settings.connections,
    builds: showRun(session.run, session.folder),
    port: session.port,
    ...(settings.tls && { tls: settings.tls }),
  });
  const interrupts = settings.interrupts ?? never();
  const approvals = createDecide({ settings, display, recorder, user: session.user, interrupts });
  try {
    const context = contextOf(session, settings, { recorder, devops, decide: approvals.decide, interrupts });
    session.run.state = 'inProgress';
    delete session.run.finishTime;
    recorder.tell.run(session.run);
    recorder.save();
    context.saveState();
    await runStages(context, settings);
    const outcome = await finishRun(session, recorder, interrupts.cancel.aborted);
    const command = outcome.state === 'waiting' ? settings.continueCommand?.(session.folder) : undefined;
    display.finish(outcome, command);
    return outcome;
  } finally {
    display.stop();
    approvals.close();
    recorder.save();
    await devops.close();
    if (!settings.keepWork) await rm(path.join(session.folder, 'agents'), { recursive: true, force: true });
  }
}

/** What a killed runner left running or lying about would get in the way of the next attempt. */
async function clearRemains({ run, folder }: Session): Promise<void> {
  if (run.stages.every((stage) => stage.attempt === 1)) return;
  await reapLeftovers(runMark(run.planId));
  await rm(path.join(folder, 'agents'), { recursive: true, force: true });
}

interface Surroundings {
  readonly recorder: Recorder;
  readonly devops: DevOpsServer;
  readonly decide: RunContext['decide'];
  readonly interrupts: Interrupts;
}

function contextOf(session: Session, settings: RunSettings, around: Surroundings): RunContext {
  const { recorder, devops } = around;
  const { folder, plan, source, projectId, ends, halfway, catalog } = session;
  const facts = runVariables({ run: session.run, source, projectId, collectionUri: devops.collectionUri });
  const predefined = Object.entries(facts).map(([name, value]) => ({
    name,
    value,
    isSecret: false,
    isReadOnly: true,
  }));
  const variables = session.variables(predefined);
  const seal = createSeal(settings.secretsKeyFile);
  session.run.variables = variables.map(({ name, value, isSecret }) => ({
    name,
    value: isSecret ? '***' : value,
    isSecret,
  }));
  return {
    ...around,
    ...{ plan, source, projectId, ends, halfway, catalog },
    variables: [...predefined, ...variables],
    clock: recorder.clock,
    time: steadyClock(0, recorder.clock),
    serverTasks: settings.serverTasks,
    sourceFolder: path.join(folder, 'sources'),
    agentsFolder: path.join(folder, 'agents'),
    keepWork: settings.keepWork ?? false,
    connections: settings.connections,
    environment: agentEnvironment(settings.environment ?? process.env, settings.passThrough),
    agentVariables: settings.agentVariables ?? {},
    nodeBinary: settings.nodeBinary ?? process.execPath,
    artifacts: keepArtifacts(recorder),
    counter: countersIn(path.dirname(folder), session.run.pipeline.file),
    limitJobs: limiter(settings.maxParallelJobs ?? Math.min(availableParallelism(), MOST_JOBS)),
    saveState() {
      const state = {
        schemaVersion: 1,
        plan,
        source,
        projectId,
        port: devops.port,
        variables,
        ends,
        halfway,
      } as const;
      saveState(folder, state, seal);
    },
  };
}

async function runStages(context: RunContext, settings: RunSettings): Promise<void> {
  await mkdir(context.agentsFolder, { recursive: true });
  const { stages } = context.recorder.run;
  const records = new Map(stages.map((stage) => [stage.name, stage]));
  await runGraph(context.plan.stages, async (plan) => {
    const record = records.get(plan.name);
    if (!record) throw new TypeError(`The stage '${plan.name}' has no record.`);
    if (record.state === 'completed') return 'ended';
    return runStage(plan, record, settings.environments ?? [], context);
  });
}

function never(): Interrupts {
  return { cancel: new AbortController().signal, kill: new AbortController().signal };
}
