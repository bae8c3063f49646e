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
  /** Flushes and ends it. */
  stop(): Promise<void>;
}

/** Starts Azurite's blob service as a child that ends with this process, and starts it again should it ever die. */
export function startAzurite(settings: AzuriteSettings): Azurite {
  let stopping = false;
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
  ready.then(() => watch(child)).catch(() => undefined);
  return {
    ready,
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
