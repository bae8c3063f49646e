import type {
  EnvironmentView,
  ReleaseChange,
  ReleaseSource,
  ReleaseVariables,
  ReleaseView,
} from '../../../devops/index.ts';
import type { StageRecord } from '../../record/model.ts';
import type { Recorder } from '../../record/recorder.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import { variableRecords, type LiveVariables, type ReleaseState } from '../state.ts';
import type { ReleaseContext } from './context.ts';
import { environmentId, statusOf } from './predefined.ts';
import { approvalViews, deploymentViews, withFolder } from './showDeployments.ts';

interface Shown extends Pick<ReleaseContext, 'awaited' | 'requested'> {
  readonly recorder: Recorder;
  readonly state: ReleaseState;
  readonly mayManage: boolean;
  readonly save: () => void;
}

/** Whoever changes a release from a job: all jobs have one identity. */
const BUILD_SERVICE = { displayName: 'Project Collection Build Service', uniqueName: 'build.service' };

/** Shows a release to the Azure DevOps server, and takes from there what jobs change about it. */
export function showRelease(shown: Shown): ReleaseSource {
  const { recorder, state, mayManage, awaited, requested } = shown;
  return {
    mayManage,
    releases: () => [viewOf(recorder, state)],
    definitions: () => [{ ...state.plan.json, id: state.plan.id, name: state.plan.name }],
    update: (_, change) => update(change, shown),
    deploy(_, id, variables) {
      const stage = stageWith(id, shown);
      if (!stage) return;
      overrideVariables(stage, variables, shown);
      requested.add(stage.name);
      shown.save();
    },
    answer(id, answer) {
      const waiting = awaited.get(String(id));
      waiting?.(answer);
      return waiting !== undefined;
    },
    ignoreGates(id, names, comment) {
      const gates = recorder.run.stages.flatMap((stage) => stage.gates ?? []).find((one) => one.id === id);
      if (gates?.status !== 'inProgress') return false;
      const on = recorder.clock.now().toISOString();
      gates.ignored.push(...names.map((name) => ({ name, on, ...(comment && { comment }) })));
      recorder.saveSoon();
      return true;
    },
  };
}

function stageWith(id: number, { recorder, state }: Shown): ReleaseStagePlan | undefined {
  return state.plan.stages.find((one) => environmentId(recorder.run, one) === id);
}

function update(change: ReleaseChange, shown: Shown): void {
  const { recorder, state, save } = shown;
  const { run } = recorder;
  if (change.variables) state.variables = new Map(Object.entries(change.variables));
  for (const [id, variables] of change.environmentVariables ?? []) {
    const stage = stageWith(id, shown);
    if (stage) setStageVariables(stage, new Map(Object.entries(variables)), shown);
  }
  run.variables = variableRecords(state.variables);
  if (change.name !== undefined) run.name = change.name;
  if (change.tags) run.tags.splice(0, run.tags.length, ...change.tags);
  if (run.release) {
    run.release.modifiedOn = recorder.clock.now().toISOString();
    if (change.description !== undefined) run.release.description = change.description;
    if (change.status) run.release.status = change.status;
    if (change.keepForever !== undefined) run.release.keepForever = change.keepForever;
  }
  // Later stages read what was changed, also when this process ends before they start.
  save();
  recorder.tell.run(run);
}

function setStageVariables(
  { name }: ReleaseStagePlan,
  variables: LiveVariables,
  { state, recorder }: Shown,
): void {
  state.stageVariables = new Map([...state.stageVariables, [name, variables]]);
  const record = recorder.run.stages.find((one) => one.name === name);
  if (record) record.variables = variableRecords(variables);
}

/** Only what is marked as settable may be given at a deployment. */
function overrideVariables(stage: ReleaseStagePlan, given: ReleaseVariables, shown: Shown): void {
  const own = shown.state.stageVariables.get(stage.name) ?? new Map();
  const changed = [...own].map(([name, variable]) => {
    const wanted = given[name];
    return [
      name,
      wanted && variable.allowOverride ? { ...variable, value: wanted.value } : variable,
    ] as const;
  });
  setStageVariables(stage, new Map(changed), shown);
}

/** A release as the server shows it, from its record and its state. */
export function viewOf({ run, folder }: Pick<Recorder, 'run' | 'folder'>, state: ReleaseState): ReleaseView {
  const { plan } = state;
  const { release } = run;
  return {
    ...{ id: run.id, name: run.name, tags: run.tags, createdBy: run.requestedFor, modifiedBy: BUILD_SERVICE },
    status: release?.status ?? 'active',
    reason: release?.reason ?? 'manual',
    description: release?.description ?? '',
    createdOn: run.startTime ?? '',
    modifiedOn: release?.modifiedOn ?? run.startTime ?? '',
    keepForever: release?.keepForever ?? false,
    variables: Object.fromEntries(state.variables),
    artifacts: plan.artifacts.map(({ alias, type, isPrimary, sourceId, inputs }) => {
      const version = state.artifacts.find((one) => one.alias === alias);
      const chosen = version && { version: { id: version.id, name: version.name } };
      return {
        ...{ alias, type, isPrimary, sourceId },
        definitionReference: { ...Object.fromEntries(inputs), ...chosen },
      };
    }),
    definition: { id: plan.id, name: plan.name, revision: plan.revision, nameFormat: plan.nameFormat },
    environments: plan.stages.flatMap((stage) => {
      const record = run.stages.find((one) => one.name === stage.name);
      return record ? [environmentView(stage, record, { run, state, folder })] : [];
    }),
  };
}

function environmentView(
  stage: ReleaseStagePlan,
  record: StageRecord,
  { run, state, folder }: Pick<Recorder, 'run' | 'folder'> & { readonly state: ReleaseState },
): EnvironmentView {
  return {
    id: environmentId(run, stage),
    name: stage.name,
    rank: stage.rank,
    status: statusOf(record),
    variables: Object.fromEntries(state.stageVariables.get(stage.name) ?? []),
    triggerReason: triggerReason(stage),
    definition: stage.json,
    approvals: approvalViews(stage, record),
    attempts: deploymentViews(stage, record, run).map((one) => withFolder(one, folder)),
  };
}

function triggerReason({ trigger, schedules }: ReleaseStagePlan): string {
  if (schedules.length > 0) return 'Scheduled';
  if (trigger.kind === 'manual') return 'Manual';
  if (trigger.kind === 'release') return 'After release creation';
  return `After successful deployment of ${trigger.stages.map((one) => one.stage).join(', ')}`;
}
