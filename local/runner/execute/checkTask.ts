import { Problem } from '../../../shared/problem/index.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import { inputNamed, isConnection } from '../agent/task/inputs.ts';
import { expandMacros } from '../agent/variables/macros.ts';
import type { ServiceConnection } from '../connections.ts';
import type { TaskStepPlan } from '../plan.ts';

/** What a step is checked against. */
export interface StepCheck {
  readonly catalog: TaskCatalog;
  readonly connections: readonly ServiceConnection[];
  /** The agent's environment: shells are looked for on its PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Predefined and queue-time variables. */
  readonly variables: ReadonlyMap<string, string>;
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
