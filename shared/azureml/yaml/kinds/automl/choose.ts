import type { YamlMap } from '../../document/node.ts';
import { oneOf } from '../../fields/basic.ts';
import type { Scope } from '../../fields/scope.ts';
import { TASKS, type Task } from './tasks.ts';

/** The task that the word after `task:` names; its settings follow from it, so nothing else is read without. */
export function chooseTask(node: YamlMap, scope: Scope): Task | undefined {
  const names = Object.keys(TASKS);
  const word = node.entries.get('task')?.value;
  if (!word) return scope.refuse(node.at, `${scope.subject()} needs a 'task', one of ${names.join(', ')}.`);
  const name = oneOf(names, { exactCase: true }).read(word, scope.member('task'));
  return name === undefined ? undefined : TASKS[name];
}
