import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { TaskStepPlan } from '../../plan.ts';
import { taskEnvironment } from '../environment.ts';
import type { TaskDefinition } from '../task/definition.ts';
import { chooseHandler, type TaskPart } from '../task/handler.ts';
import { inputNamed, resolveInputs, type ResolvedInputs } from '../task/inputs.ts';
import { expandMacros } from '../variables/macros.ts';
import { defaultFolder, environmentOf, runStepProcess } from './process.ts';
import { DONE, type Attempt, type RunningStep, type StepHost } from './step.ts';

/** One part of a task step; inputs and environment are made once and stay the same for every attempt. */
export function taskAttempt(
  plan: TaskStepPlan,
  definition: TaskDefinition,
  part: TaskPart,
  step: RunningStep,
  host: StepHost,
): Attempt {
  const handler = chooseHandler(definition, part);
  if (!handler) return () => Promise.resolve(DONE);
  if (part === 'execution') warnBefore(plan, definition, step);
  const inputs = inputsOf(plan, definition, host);
  const lookup = (name: string): string | undefined => valueOf(name, inputs, host);
  const target = path.resolve(definition.folder, expandMacros(handler.target, lookup));
  if (!existsSync(target)) {
    throw new Problem({
      code: 'file',
      message: `The task '${definition.name}' has no file '${handler.target}' to start.`,
      next: 'Build the task, or install it again.',
      place: { file: path.join(definition.folder, 'task.json') },
    });
  }
  const env = taskEnvironment({
    ...environmentOf(step, host),
    inputs: inputs.values,
    endpoints: inputs.endpoints,
    taskVariables: step.state.taskVariables.all(),
  });
  const cwd = expandMacros(handler.workingDirectory ?? '', lookup) || defaultFolder(host);
  return (signals) =>
    runStepProcess({ command: host.nodeBinary, args: [target], cwd, env }, step, host, signals);
}

/** Inputs a task does not know still reach it, as on the agent; mostly they are misspelt. */
function warnBefore(plan: TaskStepPlan, task: TaskDefinition, { state }: RunningStep): void {
  const unknown = [...plan.inputs.keys()].filter((name) => !inputNamed(task, name));
  if (unknown.length > 0) {
    const message = `The task '${task.name}@${task.version.major}' does not know ${unknown.map((name) => `'${name}'`).join(', ')}.`;
    state.sink.issue({ type: 'warning', message });
  }
  if (!['Node20_1', 'Node24'].some((key) => task.execution.has(key))) {
    const message = `The task '${task.name}' has no handler for a Node that is still maintained.`;
    state.sink.issue({ type: 'warning', message });
  }
  if (task.deprecation) state.sink.issue({ type: 'warning', message: task.deprecation });
}

/** The step's inputs as the task will see them. */
function inputsOf(plan: TaskStepPlan, task: TaskDefinition, host: StepHost): ResolvedInputs {
  const { variables, endpoints } = host.state;
  const keepBlanks = variables.get('DISABLE_INPUT_TRIMMING') ?? host.environment['DISABLE_INPUT_TRIMMING'];
  return resolveInputs({
    task,
    given: plan.inputs,
    place: plan.place,
    variables: (name) => variables.get(name),
    environment: (name) => host.environment[name],
    root: variables.get('Build.SourcesDirectory') ?? defaultFolder(host),
    findEndpoint: (name) => endpoints.find(name),
    trim: keepBlanks?.toLowerCase() !== 'true',
  });
}

function valueOf(name: string, inputs: ResolvedInputs, host: StepHost): string | undefined {
  const input = [...inputs.values].find(([known]) => known.toLowerCase() === name.toLowerCase());
  return input?.[1] ?? host.state.variables.get(name);
}
