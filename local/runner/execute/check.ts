import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem, throwIfAny } from '../../../shared/problem/index.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import { chooseHandler } from '../agent/task/handler.ts';
import type {
  JobPlan,
  PipelinePlan,
  Place,
  ScriptStepPlan,
  ServerJobPlan,
  StepPlan,
  TaskStepPlan,
  Variables,
} from '../plan.ts';
import { runtimeExpression } from '../expressions/index.ts';
import { serverStepProblems } from './checkServer.ts';
import { inputProblems, unknownTask, type StepCheck } from './checkTask.ts';

export interface CheckRequest extends StepCheck {
  readonly plan: PipelinePlan;
}

/** Finds, before anything runs, what could not run: unknown tasks and connections, missing inputs and shells. */
export function checkPlan(request: CheckRequest): void {
  const { plan } = request;
  const problems = plan.stages.flatMap((stage) =>
    stage.jobs.flatMap((job) => {
      const levels = [plan.variables, stage.variables, job.variables];
      const known = new Map([...request.variables, ...levels.flatMap(fixedValues)]);
      const check = { ...request, variables: known };
      if (job.kind === 'server') return job.steps.flatMap((step) => serverStepProblems(step, check));
      return stepsOf(job).flatMap((step) => stepProblems(step, check));
    }),
  );
  throwIfAny(problems);
}

function stepsOf(job: Exclude<JobPlan, ServerJobPlan>): readonly StepPlan[] {
  return job.kind === 'deployment' ? job.hooks.flatMap((hook) => hook.steps) : job.steps;
}

/** Values that hold no expression, by lower-case name. */
function fixedValues(variables: Variables): [string, string][] {
  return [...variables].flatMap(([name, { value }]) =>
    runtimeExpression(value.text) === undefined ? [[name.toLowerCase(), value.text] as [string, string]] : [],
  );
}

/** What would keep one step from running. */
export function stepProblems(step: StepPlan, request: StepCheck): Problem[] {
  if (!step.enabled) return [];
  if (step.kind === 'script') return shellProblems(step, request);
  return step.kind === 'task' ? taskProblems(step, request) : [];
}

function shellProblems(step: ScriptStepPlan, { environment }: StepCheck): Problem[] {
  const shell = step.shell === 'script' ? (process.platform === 'win32' ? 'cmd' : 'bash') : step.shell;
  if (isOnPath(shell, environment)) return [];
  const message = `A '${step.shell}' step needs '${shell}', which is not on PATH.`;
  const next = `Install '${shell}', or write the step as ${step.shell === 'pwsh' ? 'bash' : 'a task'}.`;
  return [new Problem({ code: 'unsupported', message, next, place: step.place })];
}

function isOnPath(program: string, environment: Readonly<Record<string, string>>): boolean {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  return folders.some((folder) =>
    endings.some((ending) => existsSync(path.join(folder, `${program}${ending}`))),
  );
}

function taskProblems(step: TaskStepPlan, request: StepCheck): Problem[] {
  const { name, major } = step.task;
  const task = request.catalog.find(name, major);
  if (!task) return [unknownTask(step, request.catalog)];
  return [...handlerProblems(task, step.place), ...inputProblems(step, task, request)];
}

function handlerProblems(task: TaskDefinition, place: Place): Problem[] {
  try {
    for (const part of ['prejob', 'execution', 'postjob'] as const) chooseHandler(task, part);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, message, next } = error;
    return [new Problem({ code, message, place, ...(next && { next }) })];
  }
}
