import { open, stat } from 'node:fs/promises';
import { redact } from '../../../../../shared/problem/index.ts';
import type { CommandSpecification } from '../specification.ts';
import type { RunEnd } from '../tools.ts';
import type { RanksEnd } from './runRanks.ts';

const TAIL_IN_BYTES = 8 * 1024;
const TAIL_LINES = 5;

/** What the end of the process means for the run, with the reason as Azure words a user's error. */
export async function endOfProcess(
  end: RanksEnd,
  logFile: string,
  { timeoutInMs }: CommandSpecification,
): Promise<RunEnd> {
  if (end.endedBy === 'cancel') return { status: 'Canceled' };
  if (end.endedBy === 'timeout') {
    const seconds = (timeoutInMs ?? 0) / 1000;
    return {
      status: 'Canceled',
      error: {
        code: 'UserError',
        message: `The job was cancelled because it ran longer than its limit of ${seconds} seconds.`,
      },
    };
  }
  if (end.code === 0) return { status: 'Completed' };
  const how = end.code === null ? `was ended by ${end.signal}` : `exited with status code ${end.code}`;
  const message =
    `Execution failed. User process '${end.program}' ${how}. ` +
    `Please check log file 'user_logs/${end.log}' for error details. Error: ${await tailOf(logFile)}`;
  return { status: 'Failed', error: { code: 'UserError', message: redact(message) } };
}

/** The last lines that say something. */
async function tailOf(file: string): Promise<string> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size === 0) return '(the log is empty)';
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(Math.min(size, TAIL_IN_BYTES));
    await handle.read(buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}
