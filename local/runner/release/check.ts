import { Problem } from '../../../shared/problem/index.ts';
import { agentEnvironment } from '../agent/environment.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import { stepProblems } from '../execute/check.ts';
import type { StepCheck } from '../execute/checkTask.ts';
import { serverStepProblems } from '../execute/checkServer.ts';
import type { ServerStepPlan, StepPlan } from '../plan.ts';
import { artifactProblems } from './checkArtifacts.ts';
import type { ReleaseSettings } from './options.ts';
import type { ReleasePlan, ReleaseStagePlan } from './plan.ts';

/** Finds, before anything runs, what could not run: missing inputs, connections, shells, and tasks nothing here runs. */
export function releaseProblems(
  plan: ReleasePlan,
  catalog: TaskCatalog,
  settings: ReleaseSettings,
): Problem[] {
  return plan.stages.flatMap((stage) => {
    const check = checkFor(stage, plan, catalog, settings);
    const [agent, server] = [agentSteps(stage), serverSteps(stage)];
    return [
      ...agent.flatMap((step) => stepProblems(step, check)),
      ...server.flatMap((step) => serverProblems(step, check, settings)),
      ...[...agent, ...server].flatMap((step) => artifactProblems(step, plan)),
    ];
  });
}

function checkFor(
  stage: ReleaseStagePlan,
  plan: ReleasePlan,
  catalog: TaskCatalog,
  { connections, passThrough, environment }: ReleaseSettings,
): StepCheck {
  const variables = new Map(
    [...plan.variables, ...stage.variables].map(([name, { value }]) => [name.toLowerCase(), value ?? '']),
  );
  return {
    ...{ catalog, connections, variables },
    environment: agentEnvironment(environment ?? process.env, passThrough),
  };
}

function agentSteps({ phases }: ReleaseStagePlan): StepPlan[] {
  return phases.flatMap((phase) => (phase.kind === 'agent' ? phase.steps : []));
}

function serverSteps({ phases, before, after }: ReleaseStagePlan): ServerStepPlan[] {
  const gates = [before, after].flatMap((side) => side.gates?.gates ?? []);
  return [
    ...gates.flatMap((gate) => gate.tasks),
    ...phases.flatMap((phase) => (phase.kind === 'server' ? phase.steps : [])),
  ];
}

function serverProblems(step: ServerStepPlan, check: StepCheck, { serverTasks }: ReleaseSettings): Problem[] {
  if (serverTasks) return serverStepProblems(step, check);
  if (step.kind !== 'task' || !step.enabled) return [];
  const message = `The task '${step.task.name}' runs without an agent, which is not supported by the local runner.`;
  return [new Problem({ code: 'unsupported', message, place: step.place })];
}
