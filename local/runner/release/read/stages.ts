import type { ReleaseStagePlan, StageStatus, StageTrigger } from '../plan.ts';
import { readChecks } from './checks.ts';
import type { Desk } from './index.ts';
import type { Json } from './json.ts';
import { readPhase } from './phases.ts';
import { readVariables, refuseGroups } from './variables.ts';

/** One stage. A release, unlike a definition, carries what it took over in members of other names. */
export function readStage(json: Json, index: number, desk: Desk): ReleaseStagePlan {
  const own = (name: string, snapshot: string): Json =>
    json.get(snapshot).isThere ? json.get(snapshot) : json.get(name);
  const rank = json.get('rank').number(index + 1);
  refuse(json, desk);
  const phases = own('deployPhases', 'deployPhasesSnapshot').items();
  return {
    name: json.get('name').text(`Stage ${rank}`),
    id: json.get('id').number(rank),
    rank,
    variables: readVariables(json),
    trigger: triggerOf(json.get('conditions'), desk),
    before: readChecks(
      own('preDeployApprovals', 'preApprovalsSnapshot'),
      own('preDeploymentGates', 'preDeploymentGatesSnapshot'),
      desk,
    ),
    after: readChecks(
      own('postDeployApprovals', 'postApprovalsSnapshot'),
      own('postDeploymentGates', 'postDeploymentGatesSnapshot'),
      desk,
    ),
    phases: phases
      .flatMap((phase, number) => readPhase(phase, number, json.get('environmentOptions'), desk) ?? [])
      .sort((a, b) => a.rank - b.rank),
    place: json.place,
    json: Object.fromEntries(json.members().map(([name, { value }]) => [name, value])),
  };
}

/** What changes how a stage runs and is not offered here. */
function refuse(json: Json, { findings }: Desk): void {
  refuseGroups(json.get('variableGroups'), findings);
  for (const one of json.get('schedules').items())
    findings.unsupported(one.place, 'Starting a stage by a schedule', 'Start the stage by hand.');
  for (const one of json.get('environmentTriggers').items())
    findings.unsupported(one.place, `Starting a stage by '${one.get('triggerType').text()}'`);
  const process = json.get('processParameters');
  if (process.get('inputs').items().length > 0)
    findings.unsupported(process.place, 'A stage with process parameters', 'Unlink them from the tasks.');
}

function triggerOf(conditions: Json, desk: Desk): StageTrigger {
  const trigger = { kind: 'manual' as StageTrigger['kind'], stages: [], artifacts: [] };
  const read: {
    kind: StageTrigger['kind'];
    stages: StageTrigger['stages'][number][];
    artifacts: StageTrigger['artifacts'][number][];
  } = trigger;
  for (const one of conditions.items()) {
    const [type, name] = [one.get('conditionType').text(), one.get('name').text()];
    if (type === 'event' || type === '1') read.kind = read.kind === 'manual' ? 'release' : read.kind;
    else if (type === 'environmentState' || type === '2') {
      read.kind = 'stages';
      read.stages.push({ stage: name, statuses: statusesOf(one.get('value'), desk) });
    } else if (type === 'artifact' || type === '4') {
      const branch = branchOf(one.get('value'), desk);
      read.artifacts.push({ alias: name, branch });
    } else desk.findings.unsupported(one.place, `A stage condition of the type '${type}'`);
  }
  return read;
}

/** The value is a sum of bits, one for each status. */
const STATUS_BITS: readonly (readonly [bit: number, status: StageStatus])[] = [
  [4, 'succeeded'],
  [8, 'canceled'],
  [16, 'rejected'],
  [128, 'partiallySucceeded'],
];

function statusesOf(value: Json, { findings }: Desk): StageStatus[] {
  const sum = value.number(4);
  const statuses = STATUS_BITS.filter(([bit]) => (sum & bit) !== 0).map(([, status]) => status);
  if (statuses.length === 0) findings.unsupported(value.place, `Waiting for the stage status ${sum}`);
  return statuses;
}

/** An artifact filter is JSON in text. */
function branchOf(value: Json, { findings }: Desk): string {
  const filter = filterIn(value.text());
  if (!filter) {
    findings.wrong(value.place, 'The artifact filter is not JSON.');
    return '';
  }
  if (Array.isArray(filter['tags']) && filter['tags'].length > 0)
    findings.unsupported(value.place, 'An artifact filter by tags', 'Filter by branch, or leave it out.');
  return typeof filter['sourceBranch'] === 'string' ? filter['sourceBranch'] : '';
}

function filterIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === '') return {};
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
