import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { startDevOps, type DevOpsServer } from '../../../devops/index.ts';
import { systemClock } from '../../agent/clock.ts';
import { agentEnvironment } from '../../agent/environment.ts';
import { reapLeftovers, runMark } from '../../agent/process/reap.ts';
import type { TaskCatalog } from '../../agent/task/catalog.ts';
import { createDecide } from '../../approvals/ask.ts';
import { createDisplay } from '../../display/display.ts';
import { limiter } from '../../execute/graph.ts';
import { holdRun } from '../../execute/hold.ts';
import type { Interrupts, Person, RunOutcome } from '../../execute/options.ts';
import { createSeal } from '../../execute/seal.ts';
import type { RunRecord } from '../../record/model.ts';
import { createRecorder, type Recorder } from '../../record/recorder.ts';
import { leapingClock, steadyClock, type ReleaseClock } from '../clock.ts';
import type { ReleaseSettings } from '../options.ts';
import { saveReleaseState, type ReleaseState } from '../state.ts';
import type { ReleaseContext } from './context.ts';
import { finishRelease } from './finish.ts';
import { showRelease } from './show.ts';
import { runReleaseStages } from './stages.ts';

/** A release about to go on, new or continued. */
export interface ReleaseSession {
  readonly folder: string;
  readonly run: RunRecord;
  readonly state: ReleaseState;
  readonly catalog: TaskCatalog;
  readonly user: Person;
}

const MOST_JOBS = 4;

/** Deploys to every stage whose turn it is, and ends: completed, or waiting for somebody. */
export async function runReleaseSession(
  session: ReleaseSession,
  settings: ReleaseSettings,
): Promise<RunOutcome> {
  const hold = holdRun(session.folder);
  try {
    if (session.run.stages.some((stage) => stage.attempt > 1)) {
      await reapLeftovers(runMark(session.run.planId));
      await rm(path.join(session.folder, 'agents'), { recursive: true, force: true });
    }
    return await runHeld(session, settings);
  } finally {
    hold.release();
  }
}

async function runHeld(session: ReleaseSession, settings: ReleaseSettings): Promise<RunOutcome> {
  const { run, state, folder } = session;
  const time = clockFor(settings, state);
  const display = createDisplay(settings.terminal, time, run);
  const recorder = createRecorder(folder, run, time, [display]);
  const interrupts = settings.interrupts ?? never();
  const awaited: ReleaseContext['awaited'] = new Map();
  const requested = new Set<string>();
  const mayManage = settings.mayManageReleases ?? true;
  const shown = showRelease({ recorder, state, awaited, requested, mayManage, save: () => save() });
  const devops = await startDevOps({
    organization: run.project.organization,
    project: { id: state.projectId, name: run.project.name },
    connections: settings.connections,
    // A release has no builds: the version of its artifact is not the number of one.
    builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
    releases: shown,
    port: state.port,
    ...(settings.tls && { tls: settings.tls }),
  });
  const seal = createSeal(settings.secretsKeyFile);
  const save = (): void => {
    saveReleaseState(folder, { ...state, port: devops.port, aheadInMs: time.aheadInMs }, seal);
  };
  const approvals = createDecide({ settings, display, recorder, user: session.user, interrupts });
  try {
    run.state = 'inProgress';
    delete run.result;
    delete run.finishTime;
    recorder.tell.run(run);
    recorder.save();
    save();
    const around = { recorder, devops, interrupts, time, awaited, requested, decide: approvals.decide };
    const context = contextOf(session, settings, { ...around, saveState: save });
    await mkdir(context.agentsFolder, { recursive: true });
    await runReleaseStages(settings.deploy ?? [], context);
    const outcome = finishRelease(run, folder, recorder, interrupts.cancel.aborted);
    save();
    const command = outcome.state === 'waiting' ? settings.continueCommand?.(folder) : undefined;
    display.finish(outcome, command);
    return outcome;
  } finally {
    display.stop();
    approvals.close();
    recorder.save();
    await devops.close();
    if (!settings.keepWork) await rm(path.join(folder, 'agents'), { recursive: true, force: true });
  }
}

function clockFor({ virtualClock, clock }: ReleaseSettings, { aheadInMs }: ReleaseState): ReleaseClock {
  return virtualClock ? leapingClock(aheadInMs, clock) : steadyClock(aheadInMs, clock);
}

interface Surroundings extends Pick<
  ReleaseContext,
  'interrupts' | 'time' | 'awaited' | 'requested' | 'decide' | 'saveState'
> {
  readonly recorder: Recorder;
  readonly devops: DevOpsServer;
}

function contextOf(
  { folder, state, catalog, user }: ReleaseSession,
  settings: ReleaseSettings,
  around: Surroundings,
): ReleaseContext {
  const real = settings.clock ?? systemClock;
  return {
    ...around,
    ...{ state, catalog, user, plan: state.plan, projectId: state.projectId },
    // What an agent waits for really takes its time; only the hour is that of the release.
    clock: { now: () => around.time.now(), sleep: (ms, signal) => real.sleep(ms, signal) },
    agentsFolder: path.join(folder, 'agents'),
    keepWork: settings.keepWork ?? false,
    connections: settings.connections,
    environment: agentEnvironment(settings.environment ?? process.env, settings.passThrough),
    agentVariables: settings.agentVariables ?? {},
    nodeBinary: settings.nodeBinary ?? process.execPath,
    serverTasks: settings.serverTasks,
    artifactTypes: settings.artifactTypes ?? [],
    letApprovalsExpire: settings.letApprovalsExpire ?? false,
    limitJobs: limiter(settings.maxParallelJobs ?? Math.min(availableParallelism(), MOST_JOBS)),
  };
}

function never(): Interrupts {
  return { cancel: new AbortController().signal, kill: new AbortController().signal };
}
