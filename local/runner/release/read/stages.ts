import type { ReleaseStagePlan, ScopedVariables } from '../plan.ts';
import { readChecks } from './checks.ts';
import type { Desk } from './desk.ts';
import { madeJson, type Json } from './json.ts';
import { readPhase } from './phases.ts';
import { readSchedule } from './schedules.ts';
import { triggerOf } from './triggers.ts';
import { readVariables } from './variables.ts';

/** One stage. A release, unlike a definition, carries what it took over in members of other names. */
export function readStage(json: Json, index: number, desk: Desk): ReleaseStagePlan {
  const own = (name: string, snapshot: string): Json =>
    json.get(snapshot).isThere ? json.get(snapshot) : json.get(name);
  const rank = json.get('rank').number(index + 1);
  noteDifferences(json, desk);
  const phases = phasesOf(json, own('deployPhases', 'deployPhasesSnapshot').items(), desk);
  return {
    name: json.get('name').text(`Stage ${rank}`),
    id: json.get('id').number(rank),
    rank,
    variables: new Map([...parametersOf(json), ...readVariables(json, desk)]),
    trigger: triggerOf(json.get('conditions'), desk),
    schedules: json
      .get('schedules')
      .items()
      .map((one) => readSchedule(one, desk)),
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

/** What would happen on the service and makes no difference to a release that is made by hand: the record tells. */
function noteDifferences(json: Json, { notes }: Desk): void {
  const name = json.get('name').text();
  for (const one of json.get('environmentTriggers').items())
    notes.push(
      `The stage '${name}' would be deployed again by itself ('${one.get('triggerType').text()}'); here --deploy does that.`,
    );
}

/** Parameters of a stage template are variables of the stage, under a name of their own. */
function parametersOf(json: Json): ScopedVariables {
  const inputs = json.get('processParameters').get('inputs').items();
  return new Map(
    inputs.map((one) => [
      `Parameters.${one.get('name').text()}`,
      { value: one.get('defaultValue').text(), isSecret: false, allowOverride: false },
    ]),
  );
}

/** Definitions of old have no jobs, only tasks. */
function phasesOf(json: Json, phases: readonly Json[], desk: Desk): readonly Json[] {
  const { place, value } = json.get('deployStep').get('tasks');
  if (phases.length > 0 || !Array.isArray(value) || value.length === 0) return phases;
  return [
    madeJson(
      { phaseType: 'agentBasedDeployment', name: 'Run on agent', workflowTasks: value },
      place,
      desk.findings,
    ),
  ];
}
