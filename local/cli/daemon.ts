import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../shared/problem/index.ts';
import { isAlive, readAddress, type WorkspaceAddress } from '../workspace/address.ts';
import { builtFolder } from './state.ts';

const START_TIMEOUT_IN_MS = 30_000;
const STOP_TIMEOUT_IN_MS = 30_000;
/** A workspace nobody uses ends by itself after a working day. */
const IDLE_MINUTES = 480;

export interface StartOptions {
  readonly dataFolder: string;
  readonly port?: string;
  readonly environmentsFolder?: string;
  /** The folder is removed when the workspace stops. */
  readonly isPassing?: boolean;
  /** Absolute. */
  readonly faultFile?: string;
}

/** The workspace on this data folder: the one that runs, or a new one started in the background. */
export async function ensureWorkspace(
  options: StartOptions,
): Promise<{ address: WorkspaceAddress; wasRunning: boolean }> {
  const running = await readAddress(options.dataFolder);
  if (running) return { address: running, wasRunning: true };
  await mkdir(options.dataFolder, { recursive: true });
  const errorFile = path.join(options.dataFolder, 'start.log');
  const errors = await open(errorFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [path.join(builtFolder('local'), 'workspace.mjs'), ...flags(options)],
    {
      detached: true,
      stdio: ['ignore', errors.fd, errors.fd],
    },
  );
  child.unref();
  await errors.close();
  return { address: await waitForAddress(options.dataFolder, child.pid, errorFile), wasRunning: false };
}

/**
 * The workspace as a part of this program, until a signal ends it: resolves with its exit code when jobs, endpoints and
 * storage are gone.
 */
export async function startInForeground(
  options: StartOptions,
  onReady: (address: WorkspaceAddress) => void,
): Promise<number> {
  await mkdir(options.dataFolder, { recursive: true });
  const program = path.join(builtFolder('local'), 'workspace.mjs');
  const child = spawn(process.execPath, [program, ...flags(options)], { stdio: 'inherit' });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  // The terminal sends Ctrl+C to both; whoever ends only this process means the workspace, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const errorFile = path.join(options.dataFolder, 'workspace.log');
  const address = await Promise.race([waitForAddress(options.dataFolder, child.pid, errorFile), ended]);
  if (typeof address === 'number') return address;
  onReady(address);
  return ended;
}

function flags(options: StartOptions): string[] {
  return [
    ...['--data', options.dataFolder, '--idle-minutes', String(IDLE_MINUTES)],
    ...(options.isPassing ? ['--passing'] : []),
    ...(options.port ? ['--port', options.port] : []),
    ...(options.faultFile ? ['--fault', options.faultFile] : []),
    ...(options.environmentsFolder ? ['--environments', options.environmentsFolder] : []),
  ];
}

async function waitForAddress(
  dataFolder: string,
  processId: number | undefined,
  errorFile: string,
): Promise<WorkspaceAddress> {
  const end = Date.now() + START_TIMEOUT_IN_MS;
  while (Date.now() < end) {
    const address = await readAddress(dataFolder);
    if (address) return address;
    if (processId === undefined || !isAlive(processId)) break;
    await delay(50);
  }
  throw notStarted(dataFolder, (await readFile(errorFile, 'utf8').catch(() => '')).trim());
}

/** What the workspace itself says to do next is the better advice. */
function notStarted(dataFolder: string, said: string): Problem {
  const advised = said.includes('\nNext: ');
  return new Problem({
    code: 'service',
    message: `The embedded workspace did not start.${said ? ` It said: ${said}` : ''}`,
    ...(advised ? {} : { next: `Read ${path.join(dataFolder, 'workspace.log')}, then start again.` }),
  });
}

/** Stops the workspace and waits until its process is gone; false when none was running. */
export async function stopWorkspace(dataFolder: string): Promise<boolean> {
  const address = await readAddress(dataFolder);
  if (!address) return false;
  process.kill(address.processId, 'SIGTERM');
  const end = Date.now() + STOP_TIMEOUT_IN_MS;
  while (isAlive(address.processId)) {
    if (Date.now() > end) throw stillThere(address.processId);
    await delay(50);
  }
  return true;
}

function stillThere(processId: number): Problem {
  return new Problem({
    code: 'timeout',
    message: `The embedded workspace (process ${processId}) did not stop within ${STOP_TIMEOUT_IN_MS / 1000} s.`,
    next: `End it with: kill ${processId}`,
  });
}
