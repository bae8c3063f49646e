import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem, throwIfAny } from '../../../shared/problem/index.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import { chooseHandler } from '../agent/task/handler.ts';
import { inputNamed, isConnection } from '../agent/task/inputs.ts';
import { expandMacros } from '../agent/variables/macros.ts';
import type { ServiceConnection } from '../connections.ts';
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

export interface CheckRequest extends StepCheck {
  readonly plan: PipelinePlan;
}

/** What a step is checked against. */
export interface StepCheck {
  readonly catalog: TaskCatalog;
  readonly connections: readonly ServiceConnection[];
  /** The agent's environment: shells are looked for on its PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Predefined and queue-time variables. */
  readonly variables: ReadonlyMap<string, string>;
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

/** A task that is in none of the folders. */
export function unknownTask({ task: { name, major }, place }: TaskStepPlan, catalog: TaskCatalog): Problem {
  const known = [...new Set(catalog.all.map((one) => `${one.name}@${one.version.major}`))].sort();
  return new Problem({
    code: 'unsupported',
    message: `The task '${name}@${major}' is not available on this machine.`,
    next:
      known.length > 0
        ? `Available are ${known.join(', ')}; script steps do the rest.`
        : 'Build the tasks first.',
    place,
  });
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

/** Inputs that are missing, and connections that are not there. */
export function inputProblems(step: TaskStepPlan, task: TaskDefinition, request: StepCheck): Problem[] {
  const given = new Map([...step.inputs].map(([name, text]) => [inputNamed(task, name)?.name ?? name, text]));
  return task.inputs.flatMap((input) => {
    const text = given.get(input.name);
    const value = text?.text.trim() || input.defaultValue.trim();
    const place = { input: input.aliases[0] ?? input.name, ...(text?.place ?? step.place) };
    const problem = (code: 'input' | 'not-found' | 'unsupported', message: string, next: string): Problem =>
      new Problem({ code, message, next, place });
    // A rule that hides the input may excuse it; the task itself tells when it does not.
    if (value === '' && input.required && !input.visibleRule) {
      return [problem('input', `The task '${task.name}' requires this input.`, 'Give it a value.')];
    }
    if (value !== '' && input.type.toLowerCase() === 'securefile') {
      return [problem('unsupported', 'Secure files are not offered here.', 'Use a file of the repository.')];
    }
    if (!isConnection(input)) return [];
    return unknownConnections(value, request).map((name) =>
      problem(
        'not-found',
        `There is no service connection '${name}'.`,
        connectionsKnown(request.connections),
      ),
    );
  });
}

/** A name that still holds a macro is only known when the step starts, and is checked then. */
function unknownConnections(value: string, { connections, variables }: StepCheck): string[] {
  const names = expandMacros(value, (name) => variables.get(name.toLowerCase())).split(',');
  const isKnown = (name: string): boolean =>
    connections.some(({ id, name: own }) =>
      [id, own].some((one) => one.toLowerCase() === name.toLowerCase()),
    );
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.includes('$(') && !isKnown(name));
}

function connectionsKnown(connections: readonly ServiceConnection[]): string {
  const names = connections.map((one) => `'${one.name}'`);
  return names.length > 0 ? `Known are ${names.join(', ')}.` : 'Give the run a service connection.';
}
