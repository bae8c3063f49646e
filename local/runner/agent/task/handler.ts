import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Handler, Handlers, TaskDefinition } from './definition.ts';

/** Node handlers in the agent's order of preference; other kinds need PowerShell on Windows and are not run here. */
const PREFERRED = ['Node24', 'Node20_1', 'Node16', 'Node10', 'Node'];

export type TaskPart = 'prejob' | 'execution' | 'postjob';

/** The handler the agent would take; undefined when the task has nothing to run in that part. */
export function chooseHandler(task: TaskDefinition, part: TaskPart): Handler | undefined {
  const handlers: Handlers = task[part];
  if (handlers.size === 0) return undefined;
  const byName = new Map([...handlers].map(([key, handler]) => [key.toLowerCase(), handler]));
  const chosen = PREFERRED.map((key) => byName.get(key.toLowerCase())).find(
    (handler) => handler !== undefined,
  );
  if (chosen) return chosen;
  throw new Problem({
    code: 'unsupported',
    message: `The task '${task.name}' runs by ${[...handlers.keys()].join(', ')}; here only Node handlers run.`,
    next: 'Use a task with a Node20_1 or Node24 handler.',
    place: { file: path.join(task.folder, 'task.json') },
  });
}
