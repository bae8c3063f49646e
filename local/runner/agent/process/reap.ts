import { readFile, readdir } from 'node:fs/promises';

/** Every process of a job carries this variable, so that what a step leaves behind is found at the job's end. */
export const LOOKUP_VARIABLE = 'VSTS_PROCESS_LOOKUP_ID';

/** Ends processes whose mark starts so: a job's, or those of all jobs of a run. Without /proc nothing is looked for. */
export async function reapLeftovers(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map(async (pid) => ((await carries(pid, mark)) ? [pid] : [])));
  return marked.flat().filter(end);
}

async function carries(pid: number, mark: string): Promise<boolean> {
  if (pid === process.pid) return false;
  // Another user's process cannot be read, and a process may end while we look: neither is ours to end.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').some((entry) => entry.startsWith(`${LOOKUP_VARIABLE}=${mark}`));
}

/** The mark of everything a run starts; its jobs add their own. */
export function runMark(planId: string): string {
  return `vsts_${planId}`;
}

function end(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
