import { SERVICE_TASKS } from '../agent/task/serviceTasks.ts';
import { systemClock } from '../agent/clock.ts';
import { createEndpoints } from '../agent/endpoints.ts';
import type { StepSink } from '../agent/state.ts';
import { createMasker } from '../agent/variables/masker.ts';
import { createVariables } from '../agent/variables/variables.ts';
import { createTaskEvents } from '../../devops/tasks/events.ts';
import type { ServiceConnection } from '../connections.ts';
import type { Text } from '../plan.ts';
import { createServerTasks } from './run.ts';
import type { CheckRecipe } from './recipe.ts';

export interface Asking {
  readonly recipe: CheckRecipe;
  readonly connection: ServiceConnection;
  /** Values of `$( )`, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** PEM of what is trusted beside Node's own roots. */
  readonly ca: readonly string[];
}

export interface Asked {
  readonly passes: boolean;
  /** Why not. */
  readonly reason: string | undefined;
  /** What the service would write into the log of the check: request and answer. */
  readonly log: readonly string[];
}

const PLACE = { file: 'check', line: 1, column: 1 };

/** Evaluates a check once, by the rules of tasks without an agent; a Problem where it cannot be evaluated. */
export async function askOnce({ recipe, connection, variables, ca }: Asking): Promise<Asked> {
  const [task] = SERVICE_TASKS;
  if (!task) throw new TypeError('The request of the service is not known.');
  const log: string[] = [];
  const masker = createMasker();
  const store = createVariables();
  for (const [name, value] of Object.entries(variables)) store.set(name, value, {});
  const end = await createServerTasks({ ca }).run({
    ...{ task, masker, use: 'gate', variables: store, clock: systemClock, events: createTaskEvents() },
    step: stepFor(checkInputs(recipe, connection.name), task),
    endpoints: createEndpoints({ url: '', accessToken: '' }, [connection], masker),
    outputs: new Map(),
    sink: sinkInto(log, (text) => masker.mask(text)),
    signal: new AbortController().signal,
  });
  return { passes: end.result === 'Succeeded', reason: end.message, log };
}

/** The inputs of the check, by the names the service knows them by. */
export function checkInputs(recipe: CheckRecipe, connection: string): Record<string, string> {
  return {
    connectedServiceNameSelector: 'connectedServiceNameARM',
    connectedServiceNameARM: connection,
    method: recipe.method,
    headers: recipe.headers,
    body: '',
    urlSuffix: recipe.urlSuffix,
    waitForCompletion: 'false',
    successCriteria: recipe.successCriteria,
  };
}

function stepFor(inputs: Readonly<Record<string, string>>, { name }: { readonly name: string }) {
  const given = Object.entries(inputs).map(([key, text]): [string, Text] => [key, { text, place: PLACE }]);
  return {
    ...{ kind: 'task' as const, name: undefined, displayName: undefined, condition: undefined },
    ...{ continueOnError: false, enabled: true, timeoutInMinutes: 0, retryCountOnTaskFailure: 0 },
    ...{ env: new Map<string, Text>(), place: PLACE, task: { name, major: 1 }, inputs: new Map(given) },
  };
}

function sinkInto(log: string[], mask: (text: string) => string): StepSink {
  const nothing = (): void => undefined;
  return {
    line: (text) => void log.push(mask(text)),
    issue: ({ message }) => void log.push(mask(message)),
    ...{ progress: nothing, output: nothing, attach: nothing, detail: nothing },
  };
}
