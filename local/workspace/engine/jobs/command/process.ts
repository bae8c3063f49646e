import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { endGroup } from './processGroup.ts';

/** Time a job has to end by itself after SIGTERM. */
const GRACE_IN_MS = 5_000;
/** Timers hold no more than 2^31 milliseconds. */
const LONGEST_TIMER_IN_MS = 2 ** 31 - 1;

export interface ProcessOptions {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Takes what the process prints. */
  readonly logFile: string;
  /** Told once, before anything is waited for. */
  readonly onStarted: (pid: number) => Promise<void>;
  readonly timeoutInMs?: number;
  readonly signal: AbortSignal;
}

/** How the process ended, or what ended it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly endedBy: 'itself' | 'cancel' | 'timeout';
  /** The program Azure's messages name. */
  readonly program: string;
}

/** Runs the command in a process group of its own; both outputs go straight into one log file. */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { signal } = options;
  const [program, args] = shellFor(options.command);
  const log = await open(options.logFile, 'a');
  try {
    signal.throwIfAborted();
    const child = spawn(program, args, {
      cwd: options.folder,
      env: options.environment,
      stdio: ['ignore', log.fd, log.fd],
      detached: process.platform !== 'win32',
      windowsVerbatimArguments: process.platform === 'win32',
    });
    const ended = endOf(child);
    if (child.pid !== undefined) await options.onStarted(child.pid);
    return { ...(await supervise(child.pid, ended, options)), program };
  } finally {
    await log.close();
  }
}

type Ended = Promise<Pick<ProcessEnd, 'code' | 'signal'>>;

/** Waits for the end; a cancel or the time limit asks the group to end and then makes it. */
async function supervise(
  pid: number | undefined,
  ended: Ended,
  options: ProcessOptions,
): Promise<Omit<ProcessEnd, 'program'>> {
  const timers: NodeJS.Timeout[] = [];
  let endedBy: ProcessEnd['endedBy'] = 'itself';
  const stop = (reason: 'cancel' | 'timeout'): void => {
    if (endedBy !== 'itself' || pid === undefined) return;
    endedBy = reason;
    endGroup(pid, 'SIGTERM');
    timers.push(setTimeout(() => endGroup(pid, 'SIGKILL'), GRACE_IN_MS));
  };
  const onAbort = (): void => stop('cancel');
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  const limit = options.timeoutInMs;
  if (limit !== undefined && limit < LONGEST_TIMER_IN_MS)
    timers.push(setTimeout(() => stop('timeout'), limit));
  try {
    const end = await ended;
    return { ...end, endedBy };
  } finally {
    timers.forEach(clearTimeout);
    options.signal.removeEventListener('abort', onAbort);
    // As with a container, nothing of the job outlives its main process.
    if (pid !== undefined) endGroup(pid, 'SIGKILL');
  }
}

function endOf(child: ReturnType<typeof spawn>): Ended {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function shellFor(command: string): [string, string[]] {
  if (process.platform === 'win32') return ['cmd.exe', ['/d', '/s', '/c', `"${command}"`]];
  return [existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh', ['-c', command]];
}
