import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readTaskDefinition, type TaskDefinition, type TaskVersion } from './definition.ts';
import { SERVICE_TASKS } from './serviceTasks.ts';

/** The tasks an agent can run, by name and major version. */
export interface TaskCatalog {
  /** The newest minor version of that major; the name without regard to case. */
  find(name: string, major: number): TaskDefinition | undefined;
  /** The same by the task's id, as release definitions name it. */
  findById(id: string, major: number): TaskDefinition | undefined;
  readonly all: readonly TaskDefinition[];
}

/**
 * Reads the tasks in the given folders: each a task itself, a folder of tasks, or of tasks with a folder per version.
 * The service's own are there too.
 */
export async function readTaskCatalog(folders: readonly string[]): Promise<TaskCatalog> {
  const found = (await Promise.all(folders.map((folder) => taskFoldersIn(folder, 2)))).flat();
  const all = [...SERVICE_TASKS, ...(await Promise.all(found.map(readTaskDefinition)))];
  const newest = (major: number, isMeant: (task: TaskDefinition) => boolean): TaskDefinition | undefined =>
    all
      .filter((task) => task.version.major === major && isMeant(task))
      .sort((a, b) => newestFirst(a.version, b.version))[0];
  return {
    all,
    find(name, major) {
      // A task may be named with the extension it comes from: `publisher.extension.contribution.Name`.
      const short = (name.split('.').pop() ?? name).toLowerCase();
      return newest(major, (task) => task.name.toLowerCase() === short);
    },
    findById: (id, major) => newest(major, (task) => task.id.toLowerCase() === id.toLowerCase()),
  };
}

async function taskFoldersIn(folder: string, depth: number): Promise<string[]> {
  const hasTask = await stat(path.join(folder, 'task.json')).then(
    (file) => file.isFile(),
    () => false,
  );
  if (hasTask) return [folder];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inner = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  return (
    await Promise.all(inner.map((entry) => taskFoldersIn(path.join(folder, entry.name), depth - 1)))
  ).flat();
}

function newestFirst(a: TaskVersion, b: TaskVersion): number {
  return b.minor - a.minor || b.patch - a.patch;
}
