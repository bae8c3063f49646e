import path from 'node:path';
import { asSeconds, atMost, type Bench } from './figure.ts';
import { inFolder, startWorkspaceProcess } from './workspaceProcess.ts';

const STARTS = 7;
const CONTROL_PLANE_IN_MS = 500;
const STORAGE_IN_MS = 1500;

/** How soon the embedded workspace answers: at its very first start, and at later ones. */
export const workspaceStart: Bench = {
  name: 'workspace-start',
  title: 'Start of the embedded workspace',
  measure: () =>
    inFolder(async (folder) => {
      const first = [];
      const later = [];
      for (let start = 0; start < STARTS; start += 1) {
        const data = path.join(folder, String(start));
        first.push(await timed(data));
        later.push(await timed(data));
      }
      return [...lines('first start', first), ...lines('later start', later)];
    }),
};

interface Times {
  readonly controlPlaneInMs: number;
  readonly storageInMs: number;
}

async function timed(dataFolder: string): Promise<Times> {
  const workspace = await startWorkspaceProcess(dataFolder);
  await workspace.stop();
  return workspace;
}

/** The best of several: an absolute time tells about the program only where nothing else wants the processor. */
function lines(which: string, times: readonly Times[]) {
  const best = (of: (one: Times) => number): number => Math.min(...times.map(of));
  const control = best((one) => one.controlPlaneInMs);
  const storage = best((one) => one.storageInMs);
  return [
    atMost(`Control plane ready, ${which}, best of ${STARTS}`, control, CONTROL_PLANE_IN_MS, asSeconds),
    atMost(`With storage, ${which}, best of ${STARTS}`, storage, STORAGE_IN_MS, asSeconds),
  ];
}
