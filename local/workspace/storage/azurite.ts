import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../shared/problem/index.ts';
import type { Clock, TlsFiles } from '../context.ts';

const RESTART_AFTER_IN_MS = 200;
const STOP_WITHIN_IN_MS = 8000;

export interface AzuriteSettings {
  readonly accountName: string;
  readonly accountKey: string;
  readonly port: number;
  readonly folder: string;
  readonly tls: TlsFiles;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** The running blob service. */
export interface Azurite {
  /** Resolves when it listens, rejects when it cannot. */
  readonly ready: Promise<void>;
  /** Resolves when everything that was acknowledged before would survive a kill of the service. */
  flush(): Promise<void>;
  /** Flushes and ends it. */
  stop(): Promise<void>;
}

/** Starts Azurite's blob service as a child that ends with this process, and starts it again should it ever die. */
export function startAzurite(settings: AzuriteSettings): Azurite {
  let stopping = false;
  let hasListened = false;
  let child = spawn(settings);
  const ready = listening(child);
  const watch = (watched: ChildProcess) => {
    watched.once('exit', (code, signal) => {
      if (stopping) return;
      settings.log(`storage ended (${signal ?? code}) and is started again`);
      void settings.clock.sleep(RESTART_AFTER_IN_MS).then(() => {
        if (stopping) return;
        child = spawn(settings);
        listening(child).catch((error: unknown) =>
          settings.log(`storage did not come back: ${String(error)}`),
        );
        watch(child);
      });
    });
  };
  ready
    .then(() => {
      hasListened = true;
      watch(child);
    })
    .catch(() => undefined);
  return {
    ready,
    // Before it listened it was given nothing.
    flush: () => (hasListened ? flushed(child) : Promise.resolve()),
    stop: () => {
      stopping = true;
      return stopChild(child);
    },
  };
}

function spawn({ accountName, accountKey, port, folder, tls, log }: AzuriteSettings): ChildProcess {
  const settings = { port, folder, certFile: tls.certFile, keyFile: tls.keyFile };
  const child = fork(fileURLToPath(new URL('./azuriteProcess.mjs', import.meta.url)), {
    // The child is plain JavaScript: loaders and inspectors of this process would only slow it down.
    execArgv: [],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      AZURITE_SETTINGS: JSON.stringify(settings),
      AZURITE_ACCOUNTS: `${accountName}:${accountKey}`,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  log(`storage runs as process ${child.pid}`);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log(`storage: ${text.trimEnd()}`));
  }
  return child;
}

let flushes = 0;

/** A child that ends meanwhile may have lost what was to be kept. */
function flushed(child: ChildProcess): Promise<void> {
  flushes += 1;
  const id = flushes;
  return new Promise((resolve, reject) => {
    const settle = (why?: string): void => {
      child.off('message', onMessage).off('exit', onExit);
      if (why === undefined) resolve();
      else reject(notKept(why));
    };
    const onMessage = (message: { flushed?: number; failed?: string }): void => {
      if (message.flushed === id) settle(message.failed);
    };
    const onExit = (): void => settle('it ended');
    child.setMaxListeners(0).on('message', onMessage).on('exit', onExit);
    if (!child.connected) settle('it has ended');
    else child.send({ flush: id }, (error) => error && settle(error.message));
  });
}

function notKept(why: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The blob storage of the embedded workspace could not write down what it has: ${why}.`,
    next: 'Try again in a second.',
  });
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { ready?: true; failed?: string }) => {
      if (message.ready) resolve();
      else reject(cannotStart(message.failed ?? 'no reason given'));
    });
    child.once('error', (error) => reject(cannotStart(error.message)));
    child.once('exit', (code, signal) => reject(cannotStart(`it ended with ${signal ?? code}`)));
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_IN_MS);
  if (child.connected) child.send('stop', () => undefined);
  else child.kill('SIGTERM');
  await ended;
  clearTimeout(late);
}

function cannotStart(why: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The blob storage of the embedded workspace did not start: ${why}.`,
    next: 'See workspace.log in the data folder; the folder may be full, or damaged by another program.',
  });
}
