import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../agent/clock.ts';

/** A step's log; every line carries its time, as in the logs the service offers for download. */
export interface LogFile {
  line(text: string): void;
  close(): void;
}

/** Lines are handed to the system one by one, so that a kill loses none. */
export function openLog(file: string, clock: Clock): LogFile {
  mkdirSync(path.dirname(file), { recursive: true });
  const handle = openSync(file, 'a');
  return {
    line: (text) => void writeSync(handle, `${clock.now().toISOString()} ${text}\n`),
    close: () => closeSync(handle),
  };
}
