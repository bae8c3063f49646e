import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { Problem, messageOf } from '../../../../shared/problem/index.ts';
import type { Clock } from '../clock.ts';
import { cutLines } from './lines.ts';
import { stopGracefully } from './stop.ts';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Stops the process in the agent's three steps. */
  readonly cancel: AbortSignal;
  /** Ends the process at once. */
  readonly kill: AbortSignal;
  /** Ends the waiting, not the process: `task.complete` with `done=true`. Later output is dropped. */
  readonly leave: AbortSignal;
  readonly clock: Clock;
}

/** How the process ended; `left` when it was not waited for. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'left' };

/** Grandchildren may hold the pipes open after the process is gone; the agent waits this long for them. */
const PIPE_GRACE_IN_MS = 5_000;

/** Runs a process to its end, with stdin closed and both streams read line by line. */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const child = await start(request);
  let listening = true;
  const hear = (stream: 'stdout' | 'stderr') => cutLines((line) => listening && request.onLine(line, stream));
  const cutters = [read(child.stdout, hear('stdout')), read(child.stderr, hear('stderr'))];
  const closed = once(child, 'close').then(() => undefined);
  const stopping = stopGracefully(child, request);
  try {
    return await endOf(child, closed, request);
  } finally {
    stopping.dispose();
    for (const cutter of cutters) cutter.end();
    listening = false;
    for (const stream of [child.stdout, child.stderr]) letGo(stream);
  }
}

/** A process group of its own keeps the terminal's Ctrl+C away: the agent alone decides when to signal whom. */
async function start(request: ProcessRequest): Promise<ChildProcess> {
  const child = spawn(request.command, [...request.args], {
    cwd: request.cwd,
    env: request.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Problem({
      code: 'file',
      message: `'${request.command}' could not be started in '${request.cwd}': ${messageOf(error)}.`,
      next: 'Check that the program is on PATH and that the working directory exists.',
      cause: error,
    });
  }
  return child;
}

function read(
  stream: ChildProcess['stdout'],
  cutter: ReturnType<typeof cutLines>,
): ReturnType<typeof cutLines> {
  stream?.on('data', (chunk: Buffer) => cutter.write(chunk));
  return cutter;
}

/** What still writes may go on writing into the void, and does not keep this program alive. */
function letGo(stream: ChildProcess['stdout']): void {
  stream?.resume();
  if (stream instanceof Socket) stream.unref();
}

async function endOf(
  child: ChildProcess,
  closed: Promise<void>,
  request: ProcessRequest,
): Promise<ProcessEnd> {
  const exited = exitOf(child);
  const left = new Promise<ProcessEnd>((resolve) => {
    const leave = (): void => resolve({ kind: 'left' });
    if (request.leave.aborted) leave();
    else request.leave.addEventListener('abort', leave, { once: true });
  });
  const end = await Promise.race([exited, left]);
  if (end.kind === 'left') {
    child.unref();
    return end;
  }
  const patience = new AbortController();
  await Promise.race([closed, request.clock.sleep(PIPE_GRACE_IN_MS, patience.signal)]);
  patience.abort();
  return end;
}

function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const settle = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve(signal ? { kind: 'signal', signal } : { kind: 'exit', code: code ?? 0 });
    if (child.exitCode !== null || child.signalCode !== null) settle(child.exitCode, child.signalCode);
    else child.once('exit', settle);
  });
}
