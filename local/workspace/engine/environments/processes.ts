import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Written to the process's standard input, which is then closed. */
  readonly input?: string;
}

/** Runs a program to its end and returns its exit code; both outputs go to `onLine`. Aborting ends its whole process group. */
export async function runLines(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const stop = (): void => endGroup(child.pid);
  options.signal?.addEventListener('abort', stop, { once: true });
  // A program that does not read its input closes the pipe early; its exit code says what matters.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const read = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) options.onLine(line);
  });
  try {
    const code = await exitCode(child);
    await Promise.all(read);
    return code;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    options.signal?.throwIfAborted();
  }
}

/** What a program prints, or undefined when it cannot be started or fails. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string,
): Promise<string | undefined> {
  const lines: string[] = [];
  const options = {
    env,
    onLine: (line: string) => lines.push(line),
    ...(input === undefined ? {} : { input }),
  };
  const code = await runLines(program, args, options).catch(() => -1);
  return code === 0 ? lines.join('\n') : undefined;
}

function exitCode(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
