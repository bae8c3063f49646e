import path from 'node:path';
import { readAddress, type WorkspaceAddress } from '../workspace/address.ts';
import { Problem } from '../../shared/problem/index.ts';
import { stateFolders } from './state.ts';

/** Where a workspace is looked for, as typed. */
export interface PlaceFlags {
  readonly home?: string;
  /** The workspace's data folder itself. */
  readonly data?: string;
}

/** The data folders a workspace of this place may run on: the one that is kept, and the one that lasts as long as it runs. */
export function dataFoldersOf({ home, data }: PlaceFlags): { kept: string; passing: string } {
  const kept = data === undefined ? stateFolders(home).workspace : path.resolve(data);
  return { kept, passing: `${kept}-in-memory` };
}

/** The workspace that runs here, and the folder it runs on; undefined when none does. */
export async function findRunning(
  flags: PlaceFlags,
): Promise<{ address: WorkspaceAddress; folder: string } | undefined> {
  const { kept, passing } = dataFoldersOf(flags);
  for (const folder of [passing, kept]) {
    const address = await readAddress(folder);
    if (address) return { address, folder };
  }
  return undefined;
}

/** The same, where there must be one. */
export async function needRunning(flags: PlaceFlags): Promise<{ address: WorkspaceAddress; folder: string }> {
  const running = await findRunning(flags);
  if (running) return running;
  throw new Problem({
    code: 'not-found',
    message: 'No embedded workspace is running here.',
    next: 'Start it with: npx azureml-local start',
  });
}
