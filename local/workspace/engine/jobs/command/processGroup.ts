import { execFile, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** How a process is recognised after a restart, when its number may be somebody else's by then. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the operating system's own words. */
  readonly started: string | undefined;
}

export async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, started: await startOf(pid) };
}

/** Signals a whole process group; gone is fine. */
export function endGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

/** Ends what an earlier life of the workspace left running of a job, and only that. */
export async function endLeftover(mark: ProcessMark, runId: string): Promise<void> {
  if (process.platform === 'linux') await endMembers(mark.pid, runId);
  else if (mark.started !== undefined && (await startOf(mark.pid)) === mark.started)
    endGroup(mark.pid, 'SIGKILL');
}

/** On Linux every member of the group can be asked whose job it is, also when the leader is gone. */
async function endMembers(group: number, runId: string): Promise<void> {
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of all) {
    const fields = await statOf(pid);
    if (Number(fields[2]) !== group) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`AZUREML_RUN_ID=${runId}`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return (await statOf(String(pid)))[19];
  if (process.platform === 'win32') return undefined;
  const found = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  return found?.stdout.trim();
}

/** The fields of /proc/<pid>/stat behind the program's name: state, parent, group and so on. */
async function statOf(pid: string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
