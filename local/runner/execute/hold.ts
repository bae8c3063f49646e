import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import { isCode } from './errors.ts';

/** Keeps a second process away from a run; a process that is gone holds nothing. */
export function holdRun(folder: string): { release(): void } {
  const file = path.join(folder, 'run.lock');
  const take = (flag: 'w' | 'wx'): void => writeFileSync(file, String(process.pid), { flag });
  try {
    take('wx');
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    const holder = Number(readFileSync(file, 'utf8'));
    if (isAlive(holder)) throw busy(folder, holder);
    take('w');
  }
  return { release: () => rmSync(file, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function busy(folder: string, pid: number): Problem {
  return new Problem({
    code: 'conflict',
    message: `The run in '${folder}' is running already, as process ${pid}.`,
    next: 'Wait for it to end, or stop it with Ctrl+C.',
  });
}
