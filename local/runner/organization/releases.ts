import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { NewRelease, ReleaseSource, ReleaseVariables, ReleaseView } from '../../devops/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { createSeal } from '../execute/seal.ts';
import { continueRelease, createRelease } from '../release/execute/start.ts';
import { viewOf } from '../release/execute/show.ts';
import type { ReleaseSettings } from '../release/options.ts';
import type { ReleasePlan } from '../release/plan.ts';
import { isReleaseRecord, readReleaseState } from '../release/state.ts';
import type { Queue } from './queue.ts';

export interface ReleasesOptions {
  readonly plans: readonly ReleasePlan[];
  readonly settings: ReleaseSettings;
  readonly runsFolder: string;
  readonly project: { readonly organization: string; readonly name: string };
  readonly queue: Queue;
}

type Reason = Parameters<typeof createRelease>[0]['reason'];

/** The releases of a folder, as they stand in their records; new ones are made and deployed one after the other. */
export function releasesOf(
  options: ReleasesOptions,
): ReleaseSource & Required<Pick<ReleaseSource, 'create'>> {
  const { plans, settings, runsFolder, queue } = options;
  return {
    mayManage: true,
    releases: () => recorded(runsFolder, settings),
    definitions: () => plans.map((plan) => ({ ...plan.json, id: plan.id, name: plan.name })),
    create: (wanted) => create(wanted, options),
    deploy(releaseId, environmentId) {
      const release = recorded(runsFolder, settings).find(({ id }) => id === releaseId);
      const stage = release?.environments.find(({ id }) => id === environmentId);
      const folder = path.join(runsFolder, String(releaseId));
      if (stage)
        queue.add(async () => void (await continueRelease(folder, { ...settings, deploy: [stage.name] })));
    },
    update() {
      const next = 'Its own jobs change a release while it runs.';
      throw new Problem({
        code: 'unsupported',
        message: 'A release is not changed from outside here.',
        next,
      });
    },
    answer: () => false,
    ignoreGates: () => false,
  };
}

/** The releases whose records are whole; one that is just being made is not there yet. */
function recorded(runsFolder: string, settings: ReleaseSettings): ReleaseView[] {
  const seal = createSeal(settings.secretsKeyFile);
  const names = existsSync(runsFolder) ? readdirSync(runsFolder).filter((name) => /^\d+$/.test(name)) : [];
  return names
    .map((name) => path.join(runsFolder, name))
    .filter((folder) => existsSync(path.join(folder, 'state.json')) && isReleaseRecord(folder))
    .map((folder) => {
      const { run, state } = readReleaseState(folder, seal);
      return viewOf({ run, folder }, state);
    })
    .sort((one, other) => other.id - one.id);
}

async function create(
  wanted: NewRelease,
  { plans, settings, runsFolder, project, queue }: ReleasesOptions,
): Promise<number> {
  const plan = plans.find(({ id }) => id === wanted.definitionId);
  if (!plan) throw new Problem({ code: 'not-found', message: 'There is no such release definition.' });
  const { reason, isDraft, description, artifacts } = wanted;
  const { id, folder } = await createRelease({
    ...settings,
    ...{ plan: adjusted(plan, wanted), runsFolder, project, artifacts, description, isDraft },
    variables: valuesOf(wanted.variables),
    ...(isReason(reason) && { reason }),
  });
  if (!isDraft) queue.add(async () => void (await continueRelease(folder, settings)));
  return id;
}

function isReason(reason: NewRelease['reason']): reason is NonNullable<Reason> {
  return reason !== undefined && reason !== 'none' && reason !== 'manual';
}

/** Stages that were asked to wait for a hand, and variables that may be set for a stage. */
function adjusted(plan: ReleasePlan, { manualStages, stageVariables }: NewRelease): ReleasePlan {
  const byHand = new Set(manualStages.map((name) => name.toLowerCase()));
  return {
    ...plan,
    stages: plan.stages.map((stage) => {
      const given = Object.entries(stageVariables.get(stage.id) ?? {});
      const variables = new Map(
        [...stage.variables].map(([name, variable]) => {
          const own = given.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
          return [name, own && variable.allowOverride ? { ...variable, value: own.value } : variable];
        }),
      );
      const trigger = { ...stage.trigger, kind: 'manual' as const };
      return { ...stage, variables, ...(byHand.has(stage.name.toLowerCase()) && { trigger }) };
    }),
  };
}

function valuesOf(variables: ReleaseVariables): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
}
