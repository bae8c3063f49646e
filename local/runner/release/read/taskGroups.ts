import { expandMacros } from '../../agent/variables/macros.ts';
import type { Desk } from './desk.ts';
import { madeJson, type Json } from './json.ts';
import { isLeftOut, isLeftOutAsUnsupported, standInFor } from './wishes.ts';

/** A task, or the tasks of the group that stands for them, those of groups within groups too. */
export function tasksIn(list: Json, desk: Desk): Json[] {
  return list.items().flatMap((task) => withoutGroups(task, desk, []));
}

function withoutGroups(task: Json, desk: Desk, within: readonly string[]): Json[] {
  if (task.get('definitionType').text('task').toLowerCase() !== 'metatask') return [task];
  if (task.get('enabled').text('true').toLowerCase() === 'false' || isLeftOut(task, desk)) return [];
  if (standInFor(task, desk)) return [task];
  const id = task.get('taskId').text().toLowerCase();
  const group = find(task, desk);
  if (!group || within.includes(id)) return refuse(task, desk);
  const values = inputsOf(task, group);
  return group
    .get('tasks')
    .items()
    .flatMap((one) => withoutGroups(taskOf(one, task, values, desk), desk, [...within, id]));
}

/** The newest minor version of the major one that is named. */
function find(task: Json, { supplies }: Desk): Json | undefined {
  const major = /^\d+/.exec(task.get('version').text())?.[0];
  const named = supplies.taskGroups.filter(
    (one) => one.get('id').text().toLowerCase() === task.get('taskId').text().toLowerCase(),
  );
  const fits = named.filter((one) => one.get('version').get('major').text(major) === major);
  return fits.at(-1) ?? named.at(-1);
}

function refuse(task: Json, desk: Desk): [] {
  if (isLeftOutAsUnsupported(task, desk)) return [];
  const id = task.get('taskId').text();
  desk.refusals.add(
    `task group ${id}`,
    task.get('definitionType').place,
    `The task group '${task.get('name').text()}' (${id}), whose tasks an export leaves out,`,
    'Give it: --task-group <file>, as Export in the list of task groups makes it.',
  );
  return [];
}

function inputsOf(task: Json, group: Json): ReadonlyMap<string, string> {
  const defaults = group
    .get('inputs')
    .items()
    .map((one) => [one.get('name').text(), one.get('defaultValue').text()] as const);
  const given = task
    .get('inputs')
    .members()
    .map(([name, value]) => [name, value.text()] as const);
  return new Map([...defaults, ...given].map(([name, value]) => [name.toLowerCase(), value]));
}

/** A group's task in the form that stages have: its inputs filled in, its switches together with those of the group. */
function taskOf(one: Json, group: Json, values: ReadonlyMap<string, string>, { findings }: Desk): Json {
  const { task, displayName, ...rest } = Object(filled(one.value, values));
  const made = {
    ...rest,
    taskId: Object(task).id,
    version: Object(task).versionSpec,
    definitionType: Object(task).definitionType,
    name: displayName,
    condition: both(group.get('condition').text(), String(rest.condition ?? '')),
    continueOnError: rest.continueOnError === true || group.get('continueOnError').flag(),
  };
  return madeJson(made, one.place, findings);
}

function both(outer: string, inner: string): string {
  const isUsual = (text: string): boolean => ['', 'succeeded()'].includes(text.trim());
  if (isUsual(outer)) return inner;
  return isUsual(inner) ? outer : `and(${outer}, ${inner})`;
}

function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return expandMacros(value, (name) => values.get(name.toLowerCase()));
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, values)]));
}
