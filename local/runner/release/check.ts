import { Problem, throwIfAny } from '../../../shared/problem/index.ts';
import { agentEnvironment } from '../agent/environment.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import { stepProblems } from '../execute/check.ts';
import type { TaskStepPlan } from '../plan.ts';
import type { ReleaseSettings } from './options.ts';
import type { ReleasePlan, ReleaseStagePlan, ServerStepPlan } from './plan.ts';

/** Finds, before anything runs, what could not run: missing inputs, connections, shells, and tasks nothing here runs. */
export function checkRelease(plan: ReleasePlan, catalog: TaskCatalog, settings: ReleaseSettings): void {
  const problems = plan.stages.flatMap((stage) => [
    ...agentProblems(stage, plan, catalog, settings),
    ...serverSteps(stage).flatMap((step) => serverProblems(step, catalog, settings)),
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

function serverProblems(
  step: ServerStepPlan,
  catalog: TaskCatalog,
  { serverTasks }: ReleaseSettings,
): Problem[] {
  if (step.kind !== 'task' || !step.enabled) return [];
  if (serverTasks) return handlerProblems(step, catalog);
  const message = `The task '${step.task.name}' runs without an agent, which is not supported by the local runner.`;
  return [new Problem({ code: 'unsupported', message, place: step.place })];
}

/** Handlers of the service that nothing here can stand for. */
function handlerProblems({ task: { name, major }, place }: TaskStepPlan, catalog: TaskCatalog): Problem[] {
  const keys = [...(catalog.find(name, major)?.execution.keys() ?? [])];
  if (keys.some((key) => /^HttpRequest(Chain)?$/i.test(key))) return [];
  const message = `The task '${name}' sends its question by ${keys.join(', ')}, which is not offered here.`;
  const next = 'Leave it out with --leave-out, or ask by a request (InvokeRESTAPI).';
  return [new Problem({ code: 'unsupported', message, next, place })];
}
