import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Problem, throwIfAny } from '../../../../shared/problem/index.ts';
import { systemClock } from '../../agent/clock.ts';
import { readTaskCatalog } from '../../agent/task/catalog.ts';
import { runName, takeBuildId } from '../../execute/number.ts';
import type { Person, RunOutcome } from '../../execute/options.ts';
import { createSeal } from '../../execute/seal.ts';
import { projectIdIn, whoRuns } from '../../execute/start.ts';
import type { RunRecord, StageRecord } from '../../record/model.ts';
import { writeJson } from '../../record/save.ts';
import { releaseProblems } from '../check.ts';
import type { ReleaseOptions, ReleaseSettings } from '../options.ts';
import type { ReleasePlan, ReleaseStagePlan } from '../plan.ts';
import { readReleaseState, saveReleaseState, variableRecords, type ReleaseState } from '../state.ts';
import { chooseVersions, type ArtifactVersion } from '../versions.ts';
import { live, ofStage, withoutValue } from './firstVariables.ts';
import { checkChanges, waitForSchedule } from './scheduled.ts';
import { runReleaseSession, type ReleaseSession } from './session.ts';

/** Makes a release of a definition and deploys it. Throws Problems, before anything runs, for what cannot work. */
export async function runRelease(options: ReleaseOptions): Promise<RunOutcome> {
  return runReleaseSession(await makeRelease(options), options);
}

/** Makes a release without deploying it: `continueRelease` goes on with what is in its folder. */
export async function createRelease(options: ReleaseOptions): Promise<{ id: number; folder: string }> {
  const { folder, run, state } = await makeRelease(options);
  saveReleaseState(folder, state, createSeal(options.secretsKeyFile));
  writeJson(path.join(folder, 'run.json'), run);
  return { id: run.id, folder };
}

async function makeRelease(options: ReleaseOptions): Promise<ReleaseSession> {
  const { plan } = options;
  const runsFolder = path.resolve(options.runsFolder);
  const catalog = await readTaskCatalog(options.taskFolders);
  const types = options.artifactTypes ?? [];
  const given = options.artifacts ?? {};
  const home = path.dirname(path.resolve(plan.file));
  const chosen = await chooseVersions({ artifacts: plan.artifacts, given, types, runsFolder, home });
  throwIfAny([
    ...(options.problems ?? []),
    ...stageProblems(plan, options.deploy),
    ...releaseProblems(plan, catalog, options),
    ...chosen.problems,
  ]);
  const artifacts = chosen.versions;
  const aheadInMs = options.scheduled ? await waitForSchedule(options) : 0;
  const now = new Date((options.clock ?? systemClock).now().getTime() + aheadInMs);
  if (options.reason === 'schedule' || options.scheduled) checkChanges(plan, artifacts, now, runsFolder);
  const user = options.user ?? (await whoRuns(home));
  const { id, folder } = await takeBuildId(runsFolder);
  const state: ReleaseState = {
    ...{ schemaVersion: 1, plan, artifacts, port: 0, aheadInMs, lastNumber: 0 },
    projectId: await projectIdIn(runsFolder),
    variables: live(plan.variables, options.variables),
    stageVariables: new Map(plan.stages.map((stage) => [stage.name, ofStage(stage, options.variables)])),
  };
  const run = await newRelease(id, runsFolder, state, user, { ...options, now });
  return { folder, run, state, catalog, user };
}

/** Goes on with a release: with what waits, and with the stages that are to be deployed by hand. */
export async function continueRelease(recordFolder: string, settings: ReleaseSettings): Promise<RunOutcome> {
  const folder = path.resolve(recordFolder);
  const { run, state } = readReleaseState(folder, createSeal(settings.secretsKeyFile));
  const catalog = await readTaskCatalog(settings.taskFolders);
  throwIfAny([
    ...stageProblems(state.plan, settings.deploy),
    ...releaseProblems(state.plan, catalog, settings),
  ]);
  const user = settings.user ?? (await whoRuns(path.dirname(path.resolve(state.plan.file))));
  for (const stage of run.stages.filter((one) => one.state === 'inProgress')) startOver(stage);
  return runReleaseSession({ folder, run, state, catalog, user }, settings);
}

/** A deployment that was interrupted starts over; what was approved stays approved. */
function startOver(stage: StageRecord): void {
  stage.attempt += 1;
  stage.jobs = [];
  stage.gates = [];
  delete stage.deployed;
}

function stageProblems({ stages }: ReleasePlan, deploy: readonly string[] = []): Problem[] {
  const isKnown = (name: string): boolean =>
    stages.some((one) => one.name.toLowerCase() === name.toLowerCase());
  const next = `It has '${stages.map((one) => one.name).join("', '")}'.`;
  return deploy
    .filter((name) => !isKnown(name))
    .map((name) => new Problem({ code: 'input', message: `The release has no stage '${name}'.`, next }));
}

async function newRelease(
  id: number,
  runsFolder: string,
  { plan, artifacts, variables }: ReleaseState,
  user: Person,
  {
    now,
    project,
    description = '',
    reason,
    isDraft = false,
    scheduled,
    variables: given,
  }: ReleaseOptions & { now: Date },
): Promise<RunRecord> {
  return {
    schemaVersion: 1,
    id,
    name: await nameOf(id, runsFolder, plan, artifacts, now),
    pipeline: { name: plan.name, file: plan.file },
    project: project ?? { organization: 'local', name: 'local' },
    source: { repository: path.dirname(path.resolve(plan.file)) },
    requestedFor: user,
    state: 'inProgress',
    planId: randomUUID(),
    startTime: now.toISOString(),
    variables: variableRecords(variables),
    issues: [
      ...plan.notes.map((message) => ({ type: 'warning' as const, message })),
      ...withoutValue(plan, given),
    ],
    tags: [],
    artifacts: [],
    stages: plan.stages.map(newStage),
    release: {
      ...{ definitionId: plan.id, definitionRevision: plan.revision, nameFormat: plan.nameFormat },
      ...(scheduled ? { reason: 'schedule' as const } : reason && { reason }),
      ...{ description, status: isDraft ? 'draft' : 'active', keepForever: false },
      modifiedOn: now.toISOString(),
      artifacts: plan.artifacts.map(({ alias, type, inputs, isPrimary }) => {
        const definition = inputs.get('definition');
        const version = artifacts.find((one) => one.alias === alias)?.name ?? '';
        return { alias, type, isPrimary, version, definition: definition?.name || definition?.id || '' };
      }),
    },
  };
}

function nameOf(
  id: number,
  runsFolder: string,
  plan: ReleasePlan,
  artifacts: readonly ArtifactVersion[],
  now: Date,
): Promise<string> {
  const primary = plan.artifacts.find((one) => one.isPrimary);
  const version = artifacts.find((one) => one.alias === primary?.alias);
  const known = new Map<string, string | undefined>([
    ['release.releaseid', String(id)],
    ['release.definitionname', plan.name],
    ['build.buildnumber', version?.name],
    ['build.definitionname', primary?.inputs.get('definition')?.name],
    ...[...plan.variables].map(([name, { value }]) => [name.toLowerCase(), value] as const),
  ]);
  const lookup = (name: string): string | undefined => known.get(name.toLowerCase());
  return runName({ format: plan.nameFormat, now, runsFolder, lookup });
}

function newStage({ name, rank, trigger, variables }: ReleaseStagePlan): StageRecord {
  return {
    ...{ id: randomUUID(), name, displayName: name, rank, attempt: 1, state: 'pending' },
    dependsOn: trigger.stages.map((one) => one.stage),
    ...{ issues: [], approvals: [], jobs: [] },
    variables: variableRecords(live(variables)),
  };
}
