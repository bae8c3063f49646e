import { appendFileSync } from 'node:fs';
import { redact } from '../../../shared/problem/index.ts';
import type { Clock } from '../context.ts';

/** Writes lines with their time to a file. Synchronous, so that the last line before a crash is there. */
export function openLog(file: string, clock: Clock): (line: string) => void {
  return (line) => {
    try {
      appendFileSync(file, `${clock.now().toISOString()} ${redact(line)}\n`);
    } catch (error) {
      // Somebody took the whole folder away: then nobody is left to tell.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  };
}
