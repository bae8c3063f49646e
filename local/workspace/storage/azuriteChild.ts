import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../shared/problem/index.ts';
import type { Clock, TlsFiles } from '../context.ts';
import type { Faults } from '../faults/faults.ts';
import { storageFateOf } from '../faults/storageFate.ts';

const STOP_WITHIN_IN_MS = 8000;

export interface AzuriteSettings {
  readonly accountName: string;
  readonly accountKey: string;
  readonly port: number;
  readonly folder: string;
  readonly tls: TlsFiles;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** How `user-agent` begins on the workspace's own requests, which meet no faults. */
  readonly ownAgent: string;
  readonly faults?: Faults;
}

/** Starts the process; it ends when this one does. */
export function spawnAzurite({ folder, tls, log, ...settings }: AzuriteSettings): ChildProcess {
  const { accountName, accountKey, port, ownAgent } = settings;
  const told = {
    port,
    folder,
    certFile: tls.certFile,
    keyFile: tls.keyFile,
    account: accountName,
    ownAgent,
  };
  const child = fork(fileURLToPath(new URL('./azuriteProcess.mjs', import.meta.url)), {
    // The child is plain JavaScript: loaders and inspectors of this process would only slow it down.
    execArgv: [],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      AZURITE_SETTINGS: JSON.stringify(told),
      AZURITE_ACCOUNTS: `${accountName}:${accountKey}`,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  log(`storage runs as process ${child.pid}`);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log(`storage: ${text.trimEnd()}`));
  }
  decideFates(child, settings);
  return child;
}

/** Says what befalls a request that the process asks about. */
function decideFates(
  child: ChildProcess,
  { faults, clock }: Pick<AzuriteSettings, 'faults' | 'clock'>,
): void {
  child.on('message', ({ meet, method, path }: { meet?: number; method: string; path: string }) => {
    if (meet === undefined) return;
    const effects = faults?.meet({ service: 'storage', method, path }) ?? [];
    child.send({ met: meet, fate: storageFateOf(effects, clock.now()) }, () => undefined);
  });
}

/** Resolves when the process listens. */
export function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { ready?: true; failed?: string }) => {
      if (message.ready) resolve();
      else reject(cannotStart(message.failed ?? 'no reason given'));
    });
    child.once('error', (error) => reject(cannotStart(error.message)));
    child.once('exit', (code, signal) => reject(cannotStart(`it ended with ${signal ?? code}`)));
  });
}

let requests = 0;

/** Tells the process to do something and resolves when it is done; a process that ends meanwhile may not have done it. */
export function told(child: ChildProcess, order: (id: number) => object): Promise<void> {
  requests += 1;
  const id = requests;
  return new Promise((resolve, reject) => {
    const settle = (why?: string): void => {
      child.off('message', onMessage).off('exit', onExit);
      if (why === undefined) resolve();
      else reject(notDone(why));
    };
    const onMessage = (message: { done?: number; failed?: string }): void => {
      if (message.done === id) settle(message.failed);
    };
    const onExit = (): void => settle('it ended');
    child.setMaxListeners(0).on('message', onMessage).on('exit', onExit);
    if (!child.connected) settle('it has ended');
    else child.send(order(id), (error) => error && settle(error.message));
  });
}

/** Lets the process write down what it has and end; whether it did so by itself. */
export async function stopAzurite(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_IN_MS);
  if (child.connected) child.send('stop', () => undefined);
  else child.kill('SIGTERM');
  await ended;
  clearTimeout(late);
  return child.exitCode === 0;
}

function notDone(why: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The blob storage of the embedded workspace did not do what it was told: ${why}.`,
    next: 'Try again in a second.',
  });
}

function cannotStart(why: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The blob storage of the embedded workspace did not start: ${why}.`,
    next: 'See workspace.log in the data folder; the folder may be full, or damaged by another program.',
  });
}
