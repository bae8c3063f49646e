import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderEvents } from './events.ts';
import type { RevisionFolders } from './materialise.ts';
import { tailOf } from './tail.ts';

/** The two containers of a deployment whose logs can be asked for. */
export type ContainerType = 'InferenceServer' | 'StorageInitializer';

/** A container's log as Azure gives it: what happened, then the last lines that were printed. */
export async function containerLog(
  folders: RevisionFolders,
  type: ContainerType,
  tail: number,
): Promise<string> {
  if (type === 'StorageInitializer') return tailOf(folders.initializerLog, tail);
  const head = renderEvents(await readFile(folders.eventFile, 'utf8').catch(() => ''));
  const servers = await serverLogs(folders.logs);
  const tails = await Promise.all(servers.map((file) => tailOf(file, tail)));
  const printed = servers.length === 1 ? tails : tails.map((text, index) => `Instance ${index}:\n${text}`);
  if (printed.length > 0) return [head, 'Container logs:', ...printed, ''].join('\n');
  return [head, 'Environment log:', await tailOf(folders.environmentLog, tail), ''].join('\n');
}

async function serverLogs(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^inference-server-\d+\.log$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}
