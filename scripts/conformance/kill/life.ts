import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, readAddress, type WorkspaceAddress } from '../../../local/workspace/address.ts';

const GIVEN_UP_AFTER_IN_MS = 60_000;

/** One life of the workspace, from its start to the moment it is killed. */
export interface Life {
  /** Resolves when the control plane answers; rejects when the life ends before. */
  readonly address: Promise<WorkspaceAddress>;
  /** SIGKILL, to storage as well when asked for; resolves when both are gone. */
  kill(withStorage: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the workspace on this folder as a process of its own; `program` are Node's arguments. */
export function beginLife(program: readonly string[], dataFolder: string): Life {
  const child = spawn(process.execPath, [...program, '--data', dataFolder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const address = addressOf(dataFolder, child);
  // A life may be killed before anybody asks for its address.
  address.catch(() => undefined);
  return {
    address,
    kill: async (withStorage) => {
      const storage = await storageOf(dataFolder);
      child.kill('SIGKILL');
      if (withStorage && storage !== undefined) end(storage);
      await ended;
      while (storage !== undefined && isAlive(storage)) await delay(5);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function addressOf(dataFolder: string, child: ChildProcess): Promise<WorkspaceAddress> {
  const late = Date.now() + GIVEN_UP_AFTER_IN_MS;
  while (Date.now() < late && child.exitCode === null && child.signalCode === null) {
    const address = await readAddress(dataFolder);
    // The address of the life before stays until this one writes its own.
    if (address && address.processId === child.pid) return address;
    await delay(5);
  }
  throw new Error('The workspace did not start.');
}

async function storageOf(dataFolder: string): Promise<number | undefined> {
  const log = await readFile(path.join(dataFolder, 'workspace.log'), 'utf8').catch(() => '');
  const id = [...log.matchAll(/storage runs as process (\d+)/g)].at(-1)?.[1];
  return id !== undefined && isAlive(Number(id)) ? Number(id) : undefined;
}

function end(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It ended by itself, since its parent is gone.
  }
}
