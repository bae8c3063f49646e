import { Problem, throwIfAny } from '../../../shared/problem/index.ts';
import { agentEnvironment } from '../agent/environment.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import { stepProblems } from '../execute/check.ts';
import type { ReleaseSettings } from './options.ts';
import type { ReleasePlan, ReleaseStagePlan, ServerStepPlan } from './plan.ts';

/** Finds, before anything runs, what could not run: missing inputs, connections, shells, and tasks nothing here runs. */
export function checkRelease(plan: ReleasePlan, catalog: TaskCatalog, settings: ReleaseSettings): void {
  const problems = plan.stages.flatMap((stage) => [
    ...agentProblems(stage, plan, catalog, settings),
    ...serverSteps(stage).flatMap((step) => serverProblems(step, settings)),
  ]);
  throwIfAny(problems);
}

function agentProblems(
  stage: ReleaseStagePlan,
  plan: ReleasePlan,
  catalog: TaskCatalog,
  settings: ReleaseSettings,
): Problem[] {
  const variables = new Map(
    [...plan.variables, ...stage.variables].map(([name, { value }]) => [name.toLowerCase(), value ?? '']),
  );
  const { connections, passThrough } = settings;
  const environment = agentEnvironment(settings.environment ?? process.env, passThrough);
  const steps = stage.phases.flatMap((phase) => (phase.kind === 'agent' ? phase.steps : []));
  return steps.flatMap((step) => stepProblems(step, { catalog, connections, environment, variables }));
}

function serverSteps({ phases, before, after }: ReleaseStagePlan): ServerStepPlan[] {
  const gates = [before, after].flatMap((side) => side.gates?.gates ?? []);
  return [
    ...gates.flatMap((gate) => gate.tasks),
    ...phases.flatMap((phase) => (phase.kind === 'server' ? phase.steps : [])),
  ];
}

function serverProblems(step: ServerStepPlan, { serverTasks }: ReleaseSettings): Problem[] {
  if (step.kind !== 'task' || !step.enabled || serverTasks) return [];
  const message = `The task '${step.task.name}' runs without an agent, which is not supported by the local runner.`;
  return [new Problem({ code: 'unsupported', message, place: step.place })];
}
