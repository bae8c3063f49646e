import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { systemClock } from '../agent/clock.ts';
import { agentEnvironment } from '../agent/environment.ts';
import { readTaskCatalog, type TaskCatalog } from '../agent/task/catalog.ts';
import type { PipelinePlan } from '../plan.ts';
import type { RunRecord, StageRecord } from '../record/model.ts';
import { recordResult } from '../record/recorder.ts';
import { checkPlan } from './check.ts';
import { countersIn } from './counters.ts';
import { runName, takeBuildId } from './number.ts';
import type { Person, RunOptions, RunOutcome, RunSettings } from './options.ts';
import { sourceVariables } from './predefined.ts';
import { createSeal } from './seal.ts';
import { runSession } from './session.ts';
import { copySource, gitUser, readSource, type Source } from './source.ts';
import { newJobRecord, newStageRecord } from './stage.ts';
import { readState, type RunState } from './state.ts';
import { evaluateVariables, type EvaluatedVariable } from './variables.ts';

/** Runs a pipeline to its end, or to an approval nobody answers. Throws Problems, before anything runs, for what cannot work. */
export async function runPipeline(options: RunOptions): Promise<RunOutcome> {
  const { plan, repository } = options;
  const source = await readSource(path.resolve(repository));
  const catalog = await readTaskCatalog(options.taskFolders);
  check(plan, catalog, options, knownBefore(options, source));
  const runsFolder = path.resolve(options.runsFolder);
  const user = options.user ?? (await whoRuns(source.repository));
  const { id, folder } = await takeBuildId(runsFolder);
  await copySource(source.repository, path.join(folder, 'sources'), [runsFolder]);
  const run = await newRun(id, runsFolder, source, user, options);
  const projectId = await projectIdIn(runsFolder);
  const counter = countersIn(runsFolder, run.pipeline.file);
  const variables = (predefined: readonly EvaluatedVariable[]): EvaluatedVariable[] =>
    pipelineVariables(options, predefined, run, counter);
  const [ends, halfway] = [new Map(), new Map()];
  return runSession(
    { folder, run, plan, source, projectId, port: 0, catalog, user, ends, halfway, variables },
    options,
  );
}

/** Goes on with a run that waits, or that was interrupted: finished stages stay as they are, the plan is the one it started with. */
export async function continueRun(recordFolder: string, settings: RunSettings): Promise<RunOutcome> {
  const folder = path.resolve(recordFolder);
  const { run, state } = readState(folder, createSeal(settings.secretsKeyFile));
  const catalog = await readTaskCatalog(settings.taskFolders);
  const left = state.plan.stages.filter((stage) => !state.ends.has(stage.name));
  const known = state.variables.map(({ name, value }): [string, string] => [name, value]);
  check({ ...state.plan, stages: left }, catalog, settings, known);
  for (const stage of run.stages) bringUpToDate(stage, state);
  const user = settings.user ?? (await whoRuns(state.source.repository));
  const session = {
    ...state,
    folder,
    run,
    catalog,
    user,
    ends: new Map(state.ends),
    // Kept by an earlier version of this program: without.
    halfway: new Map(state.halfway ?? []),
    variables: () => state.variables,
  };
  return runSession(session, settings);
}

/** A stage that ended is completed, whatever the record had time to say; one that was interrupted starts over. */
function bringUpToDate(stage: StageRecord, { ends, plan }: RunState): void {
  const end = ends.get(stage.name);
  if (end && stage.state !== 'completed') {
    stage.state = 'completed';
    stage.result = recordResult(end.result);
    for (const job of stage.jobs.filter((one) => one.state !== 'completed')) {
      job.state = 'completed';
      job.result = recordResult(end.jobs.get(job.name)?.result ?? end.result);
    }
  } else if (!end && stage.state !== 'waiting' && stage.state !== 'pending') {
    stage.attempt += 1;
    stage.state = 'pending';
    stage.jobs = plan.stages.find((one) => one.name === stage.name)?.jobs.map(newJobRecord) ?? [];
  }
}

/** Predefined variables that are known before a run starts: what a pipeline's `${{ variables }}` may use. */
export async function predefinedVariables(
  repository: string,
  project = 'local',
): Promise<Record<string, string>> {
  const source = await readSource(path.resolve(repository));
  return { ...sourceVariables(source), 'System.TeamProject': project };
}

function check(
  plan: PipelinePlan,
  catalog: TaskCatalog,
  settings: RunSettings,
  known: readonly (readonly [string, string])[],
): void {
  checkPlan({
    plan,
    catalog,
    connections: settings.connections,
    environment: agentEnvironment(settings.environment ?? process.env, settings.passThrough),
    variables: new Map(known.map(([name, value]) => [name.toLowerCase(), value])),
  });
}

function knownBefore(options: RunOptions, source: Source): [string, string][] {
  const queued = Object.entries(options.variables ?? {}).map(([name, { value }]): [string, string] => [
    name,
    value,
  ]);
  return [...Object.entries(sourceVariables(source)), ...queued];
}

async function newRun(
  id: number,
  runsFolder: string,
  source: Source,
  user: Person,
  { plan, project, clock = systemClock, variables, reason }: RunOptions,
): Promise<RunRecord> {
  const name = path.basename(plan.file).replace(/\.ya?ml$/i, '');
  const now = clock.now();
  const known = new Map<string, string>([
    ...[...plan.variables].map(([key, { value }]): [string, string] => [key.toLowerCase(), value.text]),
    ...Object.entries(variables ?? {}).map(([key, { value }]): [string, string] => [
      key.toLowerCase(),
      value,
    ]),
    ...Object.entries(sourceVariables(source)).map(([key, value]): [string, string] => [
      key.toLowerCase(),
      value,
    ]),
    ['build.buildid', String(id)],
    ['buildid', String(id)],
    ['build.definitionname', name],
    ['definitionname', name],
    ['sourcebranchname', source.branch?.split('/').pop() ?? ''],
    ['teamproject', project?.name ?? 'local'],
    ['system.teamproject', project?.name ?? 'local'],
  ]);
  return {
    schemaVersion: 1,
    id,
    name: await runName({
      format: plan.name,
      now,
      runsFolder,
      lookup: (key) => known.get(key.toLowerCase()),
    }),
    pipeline: { name, file: plan.file },
    project: project ?? { organization: 'local', name: 'local' },
    source: {
      repository: source.repository,
      ...(source.branch && { branch: source.branch }),
      ...(source.commit && { commit: source.commit }),
    },
    requestedFor: user,
    ...(reason && { reason }),
    state: 'inProgress',
    planId: randomUUID(),
    startTime: now.toISOString(),
    variables: [],
    issues: [],
    tags: [],
    artifacts: [],
    stages: plan.stages.map(newStageRecord),
  };
}

/** The pipeline's own variables and those given when queueing; predefined ones are seen and never replaced. */
function pipelineVariables(
  { plan, variables = {} }: RunOptions,
  predefined: readonly EvaluatedVariable[],
  run: RunRecord,
  counter: (prefix: string, seed: number) => number,
): EvaluatedVariable[] {
  const queued = Object.entries(variables).map(([name, one]) => ({ name, ...one, isReadOnly: false }));
  const names = { pipeline: new Map([['startTime', run.startTime ?? '']]) };
  const secrets = queued.filter((one) => one.isSecret && one.value !== '').map((one) => one.value);
  const all = evaluateVariables(plan.variables, [...predefined, ...queued], { names, counter, secrets });
  const fixed = new Set([...predefined, ...queued].map((one) => one.name.toLowerCase()));
  return [...all.filter(({ name }) => !fixed.has(name.toLowerCase())), ...queued];
}

/** Git's user there, else the operating system's. */
export async function whoRuns(repository: string): Promise<Person> {
  const { username } = userInfo();
  return (await gitUser(repository)) ?? { displayName: username, uniqueName: username };
}

/** Names of jobs in the cloud are made from the project's id: it is made once for a folder of runs. */
export async function projectIdIn(runsFolder: string): Promise<string> {
  const file = path.join(runsFolder, '.project');
  await mkdir(runsFolder, { recursive: true });
  await writeFile(file, randomUUID(), { flag: 'wx' }).catch(() => undefined);
  return (await readFile(file, 'utf8')).trim();
}
