import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Problem } from '../../../shared/problem/index.ts';
import { askOnce, readTaskCatalog, type Asked, type TaskDefinition } from '../../runner/index.ts';
import type { WorkspaceAddress } from '../../workspace/address.ts';
import { connectionTo } from '../connection.ts';
import { pairs } from '../pairs.ts';
import { findRunning } from '../place.ts';
import { builtFolder } from '../state.ts';
import { checksFor, type Question } from './question.ts';
import { checkJson, checkLines, type Check } from './show.ts';

interface CheckFlags {
  readonly input?: string[];
  readonly variable?: string[];
  readonly subscription?: string;
  readonly connection?: string;
  readonly json?: true;
  readonly home?: string;
  readonly data?: string;
}

/** The gates whose question a check may ask too. */
const GATES = ['ModelGate', 'EndpointGate', 'DriftGate'];
const collect = (value: string, all: string[] | undefined): string[] => [...(all ?? []), value];

/** `azureml-local check`: what an environment's check "Invoke REST API" needs to ask a gate's question. */
export function addCheck(cli: Command, print: (line: string) => void): void {
  cli
    .command('check <gate>')
    .description(
      `the check "Invoke REST API" of a YAML environment that asks what a gate asks (${GATES.join(', ')}), tried here`,
    )
    .option('--input <name=value>', 'an input of the gate', collect)
    .option('--subscription <id>', 'the subscription of the workspace that shall be asked')
    .option('--connection <id>', 'the service connection of the check')
    .option(
      '--variable <name=value>',
      'what $(name) is when it is tried here, such as Build.BuildId=12',
      collect,
    )
    .option('--json', 'as JSON, with the body that creates the check over the REST API')
    .option('--home <folder>', 'where workspace and runs are kept (default: .azureml-local)')
    .option('--data <folder>', "the workspace's own folder (default: workspace in --home)")
    .action(async (gate: string, flags: CheckFlags) => {
      const checks = await check(gate, flags);
      const lines = flags.json ? [JSON.stringify(checkJson(checks), null, 2)] : checkLines(checks);
      for (const line of lines) print(line);
    });
}

async function check(gate: string, flags: CheckFlags): Promise<Check[]> {
  const task = await gateNamed(gate);
  const question: Question = { task, inputs: pairs('input', flags.input) };
  const running = await findRunning(flags);
  const data = {
    subscriptionId: flags.subscription ?? running?.address.subscriptionId ?? '<subscription>',
    resourceGroupName: running?.address.resourceGroup ?? '<resource group>',
    mlWorkspaceName: running?.address.workspaceName ?? '<workspace>',
  };
  const recipes = await checksFor(question, data);
  const variables = pairs('variable', flags.variable);
  const tried = running && (await tryHere(question, variables, running.address));
  return recipes.map((recipe, index) => ({
    name: recipes.length === 1 ? task.friendlyName : `${task.friendlyName} (${index + 1})`,
    connection: flags.connection ?? '<service connection>',
    recipe,
    variables,
    asked: tried?.[index],
  }));
}

async function gateNamed(name: string): Promise<TaskDefinition> {
  const wanted = GATES.find((one) => one.toLowerCase() === name.toLowerCase());
  const { find } = await readTaskCatalog([builtFolder('tasks')]);
  const task = wanted && find(wanted, 1);
  if (task) return task;
  throw new Problem({
    code: 'input',
    message: wanted
      ? `The task '${wanted}' is not built yet.`
      : `There is no gate '${name}' that a check can stand for.`,
    next: wanted ? 'Build the tasks first: npm run build.' : `Name one of ${GATES.join(', ')}.`,
  });
}

/** The same question to the workspace on this machine, whatever workspace the check is for. */
async function tryHere(
  { task, inputs }: Question,
  variables: Readonly<Record<string, string>>,
  address: WorkspaceAddress,
): Promise<Asked[]> {
  const connection = connectionTo(address);
  const elsewhere = new Set([
    'resourceGroup',
    'resourceGroupName',
    'workspace',
    'workspaceName',
    'azureMLWorkspaceName',
  ]);
  const here = Object.fromEntries(Object.entries(inputs).filter(([name]) => !elsewhere.has(name)));
  const recipes = await checksFor({ task, inputs: here }, connection.data);
  const ca = [await readFile(address.caFile, 'utf8')];
  return Promise.all(recipes.map((recipe) => askOnce({ recipe, connection, variables, ca })));
}
