import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../shared/problem/index.ts';
import { listening, spawnAzurite, stopAzurite, told, type AzuriteSettings } from './azuriteChild.ts';

const SHORTEST_PAUSE_IN_MS = 200;
const LONGEST_PAUSE_IN_MS = 5000;
/** Lies in the folder while storage runs: who finds it knows that the life before was cut short. */
const RUNNING = 'running';

/** The running blob service. */
export interface Azurite {
  /** Resolves when it listens, rejects when it cannot. */
  readonly ready: Promise<void>;
  /** Resolves when everything that was acknowledged before would survive a kill of the service. */
  flush(): Promise<void>;
  /** Called whenever it is back after it was killed: what it had not written down by then is gone. */
  onLoss(listener: () => void): void;
  /** Flushes and ends it. */
  stop(): Promise<void>;
}

/** Starts Azurite's blob service as a child that ends with this process, and starts it again should it ever die. */
export function startAzurite(settings: AzuriteSettings): Azurite {
  const mark = path.join(settings.folder, RUNNING);
  const wasKilled = existsSync(mark);
  mkdirSync(settings.folder, { recursive: true });
  writeFileSync(mark, '');
  const listeners: (() => void)[] = [];
  const kept = keepAlive(settings, () => listeners.forEach((listener) => listener()));
  const closeGate = () => kept.tell((id) => ({ gate: settings.faults?.any('storage') ?? false, id }));
  settings.faults?.follow(closeGate);
  return {
    ready: kept.ready,
    // Before it listened it was given nothing.
    flush: () => kept.tell((flush) => ({ flush })),
    onLoss: (listener) => {
      listeners.push(listener);
      if (wasKilled) kept.ready.then(listener, () => undefined);
    },
    stop: async () => {
      if (await kept.stop()) rmSync(mark, { force: true });
    },
  };
}

interface Kept {
  readonly ready: Promise<void>;
  /** Tells the process of now to do something; before the first has listened, nothing. */
  tell(order: (id: number) => object): Promise<void>;
  /** Whether it ended as it should. */
  stop(): Promise<boolean>;
}

function keepAlive(settings: AzuriteSettings, back: () => void): Kept {
  const { log, clock, faults } = settings;
  let stopping = false;
  let hasListened = false;
  let child = spawnAzurite(settings);
  const tell = (order: (id: number) => object) => (hasListened ? told(child, order) : Promise.resolve());
  const listen = async (): Promise<void> => {
    await listening(child);
    hasListened = true;
    if (faults?.any('storage')) await tell((id) => ({ gate: true, id }));
  };
  const again = async (pauseInMs: number): Promise<void> => {
    await clock.sleep(pauseInMs);
    if (stopping) return;
    child = spawnAzurite(settings);
    const listens = listen().then(
      () => true,
      (error: unknown) => void log(`storage did not come back: ${messageOf(error)}`),
    );
    if (await listens) {
      log('storage is back');
      watch(child);
      back();
    } else if (!stopping) await again(Math.min(pauseInMs * 2, LONGEST_PAUSE_IN_MS));
  };
  const watch = (watched: ChildProcess): void => {
    const died = (): void => {
      if (stopping) return;
      log(`storage ended (${watched.signalCode ?? watched.exitCode}) and is started again`);
      void again(SHORTEST_PAUSE_IN_MS);
    };
    if (watched.exitCode !== null || watched.signalCode !== null) died();
    else watched.once('exit', died);
  };
  const ready = listen();
  ready.then(
    () => watch(child),
    () => undefined,
  );
  return {
    ready,
    tell,
    stop: () => {
      stopping = true;
      return stopAzurite(child);
    },
  };
}
