/** A task's public contract only grows: ids, names, inputs and outputs that were once published stay. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';
import { root } from '../prepare.mjs';

const recordFile = path.join(root, 'tasks', 'contracts.json');
const inputName = /^[A-Za-z][A-Za-z0-9]*$/;

/** Compares every task.json with tasks/contracts.json; `record` writes what is new into it, and never takes anything out. */
export async function checkTaskContracts({ record }) {
  const recorded = JSON.parse(await readFile(recordFile, 'utf8').catch(() => '{}'));
  const current = {};
  const problems = [];
  for (const name of await taskNames()) {
    const task = JSON.parse(await readFile(path.join(root, 'tasks', name, 'task.json'), 'utf8'));
    problems.push(...rulesOf(task, name));
    current[`${name}@${task.version.Major}`] = contractOf(task);
  }
  for (const [key, old] of Object.entries(recorded)) problems.push(...missing(key, old, current[key]));
  for (const [key, now] of Object.entries(current)) {
    if (
      !record &&
      JSON.stringify(recorded[key]) !== JSON.stringify(now) &&
      missing(key, recorded[key] ?? now, now).length === 0
    ) {
      problems.push(
        `${key} has inputs or outputs that tasks/contracts.json does not record yet: run "npm run check -- --record".`,
      );
    }
  }
  if (record && problems.length === 0)
    await writeFile(recordFile, `${JSON.stringify(current, undefined, 2)}\n`);
  return problems;
}

function contractOf(task) {
  return {
    id: task.id,
    inputs: task.inputs.flatMap((input) => [input.name, ...(input.aliases ?? [])]).sort(),
    outputs: (task.outputVariables ?? []).map((output) => output.name).sort(),
  };
}

function missing(key, old, now) {
  if (!now) return [`${key} was published and is gone.`];
  return [
    ...(old.id === now.id ? [] : [`${key} has another id; ids are permanent.`]),
    ...old.inputs
      .filter((name) => !now.inputs.includes(name))
      .map((name) => `${key} has lost its input '${name}'.`),
    ...old.outputs
      .filter((name) => !now.outputs.includes(name))
      .map((name) => `${key} has lost its output '${name}'.`),
  ];
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
  for (const handler of ['Node20_1', 'Node24'])
    if (!task.execution?.[handler]) say(`has no ${handler} handler.`);
  return problems;
}
