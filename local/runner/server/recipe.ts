import { Problem } from '../../../shared/problem/index.ts';
import { isConnection, resolveInputs } from '../agent/task/inputs.ts';
import type { TaskDefinition } from '../agent/task/definition.ts';
import type { Endpoint } from '../agent/endpoints.ts';
import { createVariables } from '../agent/variables/variables.ts';
import { faultsInExpression } from '../expressions/index.ts';
import type { Text } from '../plan.ts';
import { readServerExecution, type ServerLink } from './definition.ts';
import { render, type ServerScope } from './scope.ts';
import { SUCCESS_WORDS } from './success.ts';

/** What to write into the check "Invoke REST API" of an environment. `$( )` is left for the service to fill. */
export interface CheckRecipe {
  readonly method: string;
  /** A JSON object as text. */
  readonly headers: string;
  /** What follows the address of Azure Resource Manager. */
  readonly urlSuffix: string;
  readonly successCriteria: string;
}

export interface RecipeRequest {
  readonly task: TaskDefinition;
  /** By name or alias; connections are left out. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Subscription, resource group and workspace, as a connection's data has them. */
  readonly data: Readonly<Record<string, string>>;
}

const PLACE = { file: 'check', line: 1, column: 1 };
const ADDRESS = 'https://resource-manager/';

/** One check for each request of a gate; a Problem where the task is no gate, or asks for more than a check can say. */
export async function checkRecipes(request: RecipeRequest): Promise<CheckRecipe[]> {
  const { links } = await readServerExecution(request.task);
  const scope = scopeOf(request);
  return links.map((link) => recipeOf(link, scope, request.task));
}

function scopeOf({ task, inputs, data }: RecipeRequest): ServerScope {
  const given = new Map<string, Text>(
    Object.entries(inputs).map(([name, text]) => [name, { text, place: PLACE }]),
  );
  const { values } = resolveInputs({
    ...{ task, given, place: PLACE, root: '/', trim: true },
    variables: () => undefined,
    environment: () => undefined,
    findEndpoint: () => undefined,
  });
  const endpoint: Endpoint = {
    ...{ id: '', name: '', url: ADDRESS, scheme: 'None' },
    parameters: new Map(),
    data: new Map(Object.entries(data)),
  };
  const connections = new Set(task.inputs.filter(isConnection).map(({ name }) => name));
  const own = new Map([...values].filter(([name]) => !connections.has(name)));
  return { inputs: own, outputs: new Map(), variables: createVariables(), endpoint };
}

function recipeOf({ request, ...link }: ServerLink, scope: ServerScope, task: TaskDefinition): CheckRecipe {
  const filled = (text: string): string => render(text, scope).trim();
  const isSimple =
    link.outputVariables.size === 0 && !link.skip && !link.continuePolling && filled(request.body) === '';
  if (!isSimple || filled(request.waitForCompletion).toLowerCase() === 'true') throw noQuestion(task);
  const url = filled(request.url);
  if (!url.startsWith(ADDRESS)) throw noQuestion(task);
  const successCriteria = filled(request.expression);
  const [fault] = faultsInExpression(successCriteria, SUCCESS_WORDS, PLACE);
  // Where it stands in the whole, which nobody typed, would lead astray.
  if (fault) throw new Problem({ code: fault.code, message: fault.message });
  return {
    method: filled(request.method).toUpperCase(),
    headers: filled(request.headers),
    urlSuffix: url.slice(ADDRESS.length),
    successCriteria,
  };
}

function noQuestion({ name }: TaskDefinition): Problem {
  return new Problem({
    code: 'input',
    message: `'${name}' does more than ask, so no check can stand for it.`,
    next: 'Put it into an agentless job before the deployment.',
  });
}
