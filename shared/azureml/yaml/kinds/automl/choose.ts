import type { YamlMap } from '../../document/node.ts';
import { oneOf } from '../../fields/basic.ts';
import type { Scope } from '../../fields/scope.ts';
import { pages, taskPages } from '../pages.ts';
import { TASKS, type Task } from './tasks.ts';

/** The task that the word after `task:` names, on its own page; its settings follow from it, so nothing else is read without. */
export function chooseTask(
  node: YamlMap,
  scope: Scope,
): { readonly task: Task; readonly scope: Scope } | undefined {
  const names = Object.keys(TASKS);
  const word = node.entries.get('task')?.value;
  if (!word) return scope.refuse(node.at, `${scope.subject()} needs a 'task', one of ${names.join(', ')}.`);
  const name = oneOf(names, { exactCase: true }).read(word, scope.member('task'));
  const task = name === undefined ? undefined : TASKS[name];
  return task && { task, scope: scope.as(taskPages[name ?? ''] ?? pages.autoMLJob) };
}
