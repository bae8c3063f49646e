/** A task's public contract only grows: ids, names, inputs and outputs that were once published stay. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';

const inputName = /^[A-Za-z][A-Za-z0-9]*$/;

/**
 * Compares every task.json and the manifest with tasks/contracts.json; `record` writes what is new into it, and never takes
 * anything out.
 */
export async function checkTaskContracts({ root, record }) {
  const recordFile = path.join(root, 'tasks', 'contracts.json');
  const recorded = JSON.parse(await readFile(recordFile, 'utf8').catch(() => '{}'));
  const tasks = await readTasks(root);
  const manifest = await readJson(path.join(root, 'vss-extension.json'));
  const current = Object.fromEntries([
    ['extension', extensionContract(manifest)],
    ...tasks.map(({ task }) => [`${task.name}@${task.version.Major}`, taskContract(task)]),
  ]);
  const problems = [
    ...tasks.flatMap(({ task, folder }) => rulesOf(task, folder)),
    ...Object.entries(recorded).flatMap(([key, old]) => broken(key, old, current[key])),
  ];
  if (problems.length > 0) return problems;
  const text = `${JSON.stringify(current, undefined, 2)}\n`;
  if (record) await writeFile(recordFile, text);
  const isRecorded = JSON.stringify(recorded) === JSON.stringify(current);
  return record || isRecorded
    ? []
    : ['Something new is not in tasks/contracts.json yet: run "npm run check -- --record".'];
}

const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'));

async function readTasks(root) {
  const folders = await taskNames(root);
  return Promise.all(
    folders.map(async (folder) => ({
      folder,
      task: await readJson(path.join(root, 'tasks', folder, 'task.json')),
    })),
  );
}

function taskContract(task) {
  return {
    id: task.id,
    inputs: task.inputs.flatMap((input) => [input.name, ...(input.aliases ?? [])]).sort(),
    outputs: (task.outputVariables ?? []).map((output) => output.name).sort(),
  };
}

function extensionContract({ id, publisher, scopes, contributions }) {
  return {
    id: `${publisher}.${id}`,
    scopes: [...scopes].sort(),
    contributions: contributions.map((one) => `${one.id} (${one.type})`).sort(),
  };
}

/** Ids and scopes stay as they are; inputs, outputs and contributions may only be added to. */
function broken(key, old, now) {
  if (!now) return [`${key} was published and is gone.`];
  const lost = (list, word) =>
    (old[list] ?? [])
      .filter((name) => !now[list].includes(name))
      .map((name) => `${key} has lost its ${word} '${name}'.`);
  return [
    ...(old.id === now.id ? [] : [`${key} has another id; ids are permanent.`]),
    ...(String(old.scopes) === String(now.scopes)
      ? []
      : [`${key} asks for other scopes; every installation would wait for an administrator.`]),
    ...lost('inputs', 'input'),
    ...lost('outputs', 'output'),
    ...lost('contributions', 'contribution'),
  ];
}

/** A task of the server has one handler, and each may be the one. */
function handlersOf({ runsOn, execution = {} }) {
  if (!runsOn.includes('Server')) return ['Node20_1', 'Node24'];
  return ['HttpRequest', 'HttpRequestChain'].filter(
    (one) => execution[one] || (one === 'HttpRequest' && !execution.HttpRequestChain),
  );
}

/** The rules of task.json that the service enforces only when the extension is published. */
function rulesOf(task, name) {
  const problems = [];
  const say = (text) => problems.push(`tasks/${name}/task.json: ${text}`);
  if (task.name !== name) say(`name is '${task.name}', its folder '${name}'.`);
  if (task.friendlyName.length > 40) say(`friendlyName is longer than 40 characters.`);
  if (!task.instanceNameFormat) say('instanceNameFormat is missing.');
  const names = task.inputs.flatMap((input) => [input.name, ...(input.aliases ?? [])]);
  for (const input of names.filter((one) => !inputName.test(one)))
    say(`'${input}' cannot be the name of an input.`);
  for (const input of names.filter(
    (one, at) => names.findIndex((other) => other.toLowerCase() === one.toLowerCase()) !== at,
  )) {
    say(`'${input}' names two inputs.`);
  }
  for (const { target } of task.dataSourceBindings ?? []) {
    if (!names.includes(target)) say(`a data source is bound to '${target}', which is no input.`);
  }
  for (const handler of handlersOf(task)) if (!task.execution?.[handler]) say(`has no ${handler} handler.`);
  return problems;
}
