import { checkInputs, INVOKE_REST_API, type Asked, type CheckRecipe } from '../../runner/index.ts';

/** A check with what came of trying it here. */
export interface Check {
  readonly name: string;
  /** Of the check, in the organisation it is made for. */
  readonly connection: string;
  readonly recipe: CheckRecipe;
  readonly variables: Readonly<Record<string, string>>;
  /** undefined: no workspace runs here. */
  readonly asked: Asked | undefined;
}

/** The service evaluates a check that waits for an answer at most ten times. */
const RETRY_IN_MINUTES = 6;
const TIMEOUT_IN_MINUTES = 60;

/** What to type into the form of the check, and how it came out here. */
export function checkLines(checks: readonly Check[]): string[] {
  const many = checks.length > 1 ? [`${checks.length} checks; the environment needs all of them.`, ''] : [];
  return [
    'In Azure DevOps: Pipelines > Environments > (environment) > Approvals and checks > + > Invoke REST API',
    '',
    ...many,
    ...checks.flatMap((check) => [...formLines(check), ...triedLines(check), '']),
  ].slice(0, -1);
}

function formLines({ name, connection, recipe }: Check): string[] {
  return [
    `Display name                     ${name}`,
    'Connection type                  Azure Resource Manager',
    `Azure subscription               ${connection}`,
    `Method                           ${recipe.method}`,
    `Headers                          ${recipe.headers}`,
    `URL suffix and parameters        ${recipe.urlSuffix}`,
    'Completion event                 ApiResponse',
    `Success criteria                 ${recipe.successCriteria}`,
    `Time between evaluations         ${RETRY_IN_MINUTES} minutes`,
    `Timeout                          ${TIMEOUT_IN_MINUTES} minutes`,
  ];
}

function triedLines(check: Check): string[] {
  const { asked } = check;
  if (!asked) return ['', 'Not tried: no workspace runs here. Start it with: npx azureml-local start'];
  const open = openNames(check);
  const hint =
    open.length > 0
      ? [`${open.join(', ')} had no value. Give one: --variable ${open[0]?.slice(2, -1)}=<value>`]
      : [];
  return [
    '',
    asked.passes ? 'Tried here: it passes.' : `Tried here: it does not pass. ${asked.reason ?? ''}`,
    ...hint,
  ];
}

/** What the service fills and nobody gave a value for here. */
function openNames({ recipe, variables }: Check): string[] {
  const given = Object.keys(variables).map((name) => `$(${name.toLowerCase()})`);
  const used = `${recipe.urlSuffix} ${recipe.successCriteria}`.match(/\$\([\w.]+\)/g) ?? [];
  return [...new Set(used)].filter((name) => !given.includes(name.toLowerCase()));
}

/** The same for programs: `configuration` is the body that creates the check, but for the environment it is for. */
export function checkJson(checks: readonly Check[]): object {
  return {
    checks: checks.map(({ name, connection, recipe, asked }) => ({
      displayName: name,
      ...recipe,
      configuration: {
        type: { id: TASK_CHECK, name: 'Task Check' },
        settings: {
          displayName: name,
          definitionRef: { id: INVOKE_REST_API, name: 'InvokeRESTAPI', version: '1' },
          inputs: checkInputs(recipe, connection),
          retryInterval: RETRY_IN_MINUTES,
        },
        timeout: TIMEOUT_IN_MINUTES,
      },
      tried: asked && { passes: asked.passes, reason: asked.reason, log: asked.log },
    })),
  };
}

/** The published id of checks that are tasks. */
const TASK_CHECK = 'fe1de3ee-a436-41b4-bb20-f6eb4cb879a7';
