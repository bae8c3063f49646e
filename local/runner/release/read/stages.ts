import type { ReleaseStagePlan } from '../plan.ts';
import { readChecks } from './checks.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';
import { readPhase } from './phases.ts';
import { triggerOf } from './triggers.ts';
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
