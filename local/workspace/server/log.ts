import { appendFileSync } from 'node:fs';
import { redact } from '../../../shared/problem/index.ts';
import type { Clock } from '../context.ts';

/** Writes lines with their time to a file. Synchronous, so that the last line before a crash is there. */
export function openLog(file: string, clock: Clock): (line: string) => void {
  return (line) => appendFileSync(file, `${clock.now().toISOString()} ${redact(line)}\n`);
}
