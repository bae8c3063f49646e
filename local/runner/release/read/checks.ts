import type { ApproverPlan, GatePlan, GatesPlan, StageChecks } from '../plan.ts';
import type { Desk } from './desk.ts';
import type { Json } from './json.ts';
import { tasksIn } from './taskGroups.ts';
import { readServerStep } from './tasks.ts';

/** An approval without a limit of its own is given up after so many days. */
const DEFAULT_TIMEOUT_IN_MINUTES = 30 * 24 * 60;

const ORDERS = ['beforeGates', 'afterSuccessfulGates', 'afterGatesAlways'] as const;

/** Approvals and gates on one side of a deployment. */
export function readChecks(approvals: Json, gates: Json, desk: Desk): StageChecks {
  const options = approvals.get('approvalOptions');
  const timeout = ['timeoutInMinutes', 'timeoutInMintues'].map((name) => options.get(name).number());
  return {
    approvers: approvals
      .get('approvals')
      .items()
      .filter((one) => !one.get('isAutomated').flag())
      .map(approverOf)
      .sort((a, b) => a.rank - b.rank),
    requiredApprovers: options.get('requiredApproverCount').number(),
    creatorMayApprove: options.get('releaseCreatorCanBeApprover').flag(true),
    skippedWhenApprovedBefore: options.get('autoTriggeredAndPreviousEnvironmentApprovedCanBeSkipped').flag(),
    timeoutInMinutes: Math.max(...timeout) || DEFAULT_TIMEOUT_IN_MINUTES,
    order: orderOf(options.get('executionOrder'), desk),
    gates: gatesOf(gates, desk),
  };
}

function orderOf(json: Json, { findings }: Desk): StageChecks['order'] {
  const word = json.text('beforeGates');
  // Clients write the words of a list as numbers too: 1, 2, 4.
  const order = ORDERS.find((known, index) => known === word || String(2 ** index) === word);
  if (!order) findings.unknown(json.place, "'executionOrder':", word, ORDERS);
  return order ?? 'beforeGates';
}

function approverOf(json: Json, index: number): ApproverPlan {
  const approver = json.get('approver');
  const displayName = approver.get('displayName').text('somebody');
  return {
    rank: json.get('rank').number(index + 1),
    displayName,
    uniqueName: approver.get('uniqueName').text(displayName),
  };
}

/** Without options, or switched off, a stage has no gates whatever stands in the list. */
function gatesOf(json: Json, desk: Desk): GatesPlan | undefined {
  const options = json.get('gatesOptions');
  if (!options.isThere || !options.get('isEnabled').flag(true)) return undefined;
  const gates = json
    .get('gates')
    .items()
    .flatMap((gate) => gateOf(gate, desk) ?? [])
    .map(withOwnName);
  if (gates.length === 0) return undefined;
  return {
    stabilizationTime: options.get('stabilizationTime').number(),
    samplingInterval: Math.max(1, options.get('samplingInterval').number(15)),
    minimumSuccessDuration: options.get('minimumSuccessDuration').number(),
    timeout: options.get('timeout').number(1440),
    gates,
  };
}

/** Gates are told apart by their names. */
function withOwnName(gate: GatePlan, index: number, all: readonly GatePlan[]): GatePlan {
  const before = all.slice(0, index).filter(({ name }) => name === gate.name).length;
  return before === 0 ? gate : { ...gate, name: `${gate.name} (${before + 1})` };
}

function gateOf(json: Json, desk: Desk): GatePlan | undefined {
  const tasks = tasksIn(json.get('tasks'), desk).flatMap((task) => readServerStep(task, desk) ?? []);
  const enabled = tasks.filter((task) => task.enabled);
  const [first] = enabled;
  return first && { name: first.displayName?.text ?? 'Gate', tasks: enabled };
}
