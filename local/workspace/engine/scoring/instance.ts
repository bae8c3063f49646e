import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../../shared/problem/index.ts';
import { GRACE_IN_SECONDS } from './supervisor.ts';

/** What one inference server process is started with. Folders are absolute. */
export interface InstanceSpec {
  /** Interpreter of the environment that holds `azureml-inference-server-http`. */
  readonly python: string;
  readonly supervisor: string;
  /** AML_APP_ROOT, and the folder the process starts in. */
  readonly appRoot: string;
  /** The whole environment of the process; nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard output and error are appended here. */
  readonly logFile: string;
}

/** One running inference server. */
export interface Instance {
  readonly port: number;
  readonly processId: number;
  /** Resolves with the server's exit code once the whole process group is gone. */
  readonly exited: Promise<number>;
  /** Lets the server finish for a few seconds, then ends it. */
  stop(): Promise<void>;
}

interface Report {
  readonly port?: number;
  readonly exit?: number;
}

/** Starts one inference server in its own process group on a free loopback port. */
export async function startInstance(spec: InstanceSpec): Promise<Instance> {
  const log = await open(spec.logFile, 'a');
  try {
    const child = spawn(spec.python, ['-I', '-S', spec.supervisor], {
      cwd: spec.appRoot,
      env: spec.environment,
      detached: true,
      windowsHide: true,
      stdio: ['pipe', log.fd, log.fd, 'pipe'],
    });
    return await follow(child, spec.python);
  } finally {
    await log.close();
  }
}

async function follow(child: ChildProcess, python: string): Promise<Instance> {
  const reports = readReports(child);
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const port = await Promise.race([
    reports.port,
    ended,
    failed.catch((error: unknown) => cannotStart(python, error)),
  ]);
  if (port === undefined || child.pid === undefined) return cannotStart(python, undefined);
  const exited = ended.then(async (code) => (await reports.exit) ?? code);
  return { port, processId: child.pid, exited, stop: () => stop(child, ended) };
}

function cannotStart(python: string, cause: unknown): never {
  throw new Problem({
    code: 'deployment',
    message: `The interpreter ${python} cannot be started.`,
    next: 'Check that the environment of the deployment still exists, or create the deployment again.',
    cause,
  });
}

function readReports(child: ChildProcess): {
  port: Promise<number | undefined>;
  exit: Promise<number | undefined>;
} {
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const heard: { port?: (port: number | undefined) => void; exit?: (code: number | undefined) => void } = {};
  const port = new Promise<number | undefined>((resolve) => (heard.port = resolve));
  const exit = new Promise<number | undefined>((resolve) => (heard.exit = resolve));
  lines.on('line', (line) => {
    const report = JSON.parse(line) as Report;
    if (report.port !== undefined) heard.port?.(report.port);
    if (report.exit !== undefined) heard.exit?.(report.exit);
  });
  lines.on('close', () => {
    heard.port?.(undefined);
    heard.exit?.(undefined);
  });
  return { port, exit };
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  child.stdin?.destroy();
  const patience = new AbortController();
  const late = sleep((GRACE_IN_SECONDS + 2) * 1000, 'late', { signal: patience.signal }).catch(() => 'ended');
  const outcome = await Promise.race([ended.then(() => 'ended'), late]);
  patience.abort();
  if (outcome === 'late' && child.exitCode === null) {
    killGroup(child);
    await once(child, 'exit');
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
