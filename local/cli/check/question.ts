import { Problem, throwIfAny } from '../../../shared/problem/index.ts';
import { checkRecipes, type CheckRecipe, type TaskDefinition } from '../../runner/index.ts';

/** A gate's question with its inputs, as typed. */
export interface Question {
  readonly task: TaskDefinition;
  readonly inputs: Readonly<Record<string, string>>;
}

/** A check sees no outputs of the run, but its number, which RegisterModel writes on the model version. */
const OF_THIS_RUN = 'of-this-run';
const VERSION_OF_RUN =
  'versions?$1&listViewType=ActiveOnly&%24orderBy=createdtime%20desc&%24top=1&tags=pipeline.runId=$(Build.BuildId)';

/** The checks that ask a question; ModelGate's without a version asks for the one that the same run registered. */
export async function checksFor(
  { task, inputs }: Question,
  data: Readonly<Record<string, string>>,
): Promise<CheckRecipe[]> {
  const isOfRun = asksForRun({ task, inputs });
  const given = isOfRun ? { ...inputs, modelVersion: OF_THIS_RUN } : inputs;
  throwIfAny(faultsIn({ task, inputs: given }));
  const recipes = await checkRecipes({ task, inputs: given, data });
  return isOfRun ? recipes.map(ofRun) : recipes;
}

function asksForRun({ task, inputs }: Question): boolean {
  return task.inputs.some(({ name }) => name === 'modelVersion') && !valueOf('modelVersion', inputs);
}

function ofRun(recipe: CheckRecipe): CheckRecipe {
  if (recipe.successCriteria.includes('jsonpath(')) {
    const message = 'The check asks for a list of versions, which jsonpath would read differently.';
    const next = "Write the expression with root['properties'], or name a version.";
    throw new Problem({ code: 'input', message, next, place: { input: 'expression' } });
  }
  return {
    ...recipe,
    urlSuffix: recipe.urlSuffix.replace(new RegExp(`versions/${OF_THIS_RUN}\\?(.*)$`), VERSION_OF_RUN),
    successCriteria: withFirstOfList(recipe.successCriteria),
  };
}

/** `root` is the list's first row; what stands in quotes stays as it is. */
function withFirstOfList(expression: string): string {
  return expression
    .split(/('(?:[^']|'')*')/)
    .map((part) => (part.startsWith("'") ? part : part.replace(/\broot\b/gi, "root['value'][0]")))
    .join('');
}

function faultsIn({ task, inputs }: Question): Problem[] {
  const known = task.inputs.filter(({ type }) => !type.startsWith('connectedService:'));
  const names = known.flatMap(({ name, aliases }) => [name, ...aliases]);
  const unknown = Object.keys(inputs).filter((name) => !names.some((one) => same(one, name)));
  const missing = known.filter(
    ({ name, aliases, required, defaultValue, visibleRule }) =>
      required &&
      ![name, ...aliases].some((one) => valueOf(one, inputs)) &&
      defaultValue === '' &&
      isVisible(visibleRule, { task, inputs }),
  );
  return [
    ...unknown.map((name) => fault(`'${task.name}' has no input '${name}'.`, `It has ${list(known)}.`, name)),
    ...missing.map(({ name }) =>
      fault(`'${task.name}' needs the input '${name}'.`, `Give it: --input ${name}=<value>.`, name),
    ),
  ];
}

/** Rules of these tasks are of the form `input = value`. */
function isVisible(rule: string | undefined, { task, inputs }: Question): boolean {
  const [, name = '', wanted = ''] = /^(\w+)\s*=\s*(.+)$/.exec(rule ?? '') ?? [];
  if (name === '') return true;
  const otherwise = task.inputs.find((one) => one.name === name)?.defaultValue ?? '';
  return (valueOf(name, inputs) ?? otherwise) === wanted.trim();
}

function valueOf(name: string, inputs: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(inputs).find(([key, value]) => same(key, name) && value.trim() !== '')?.[1];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function list(inputs: readonly { readonly name: string }[]): string {
  return inputs.map(({ name }) => name).join(', ');
}

function fault(message: string, next: string, input: string): Problem {
  return new Problem({ code: 'input', message, next, place: { input } });
}
