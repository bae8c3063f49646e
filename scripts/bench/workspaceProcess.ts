import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readAddress, type WorkspaceAddress } from '../../local/workspace/address.ts';

const GIVEN_UP_AFTER_IN_MS = 60_000;
const LOOK_EVERY_IN_MS = 5;

export interface WorkspaceProcess {
  readonly address: WorkspaceAddress;
  readonly dataFolder: string;
  /** From the start of the process until the control plane answered, and until storage did. */
  readonly controlPlaneInMs: number;
  readonly storageInMs: number;
  stop(): Promise<void>;
}

/** A folder for one bench, removed when `use` ends. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts the built workspace as `npm start` does, and times it from outside. */
export async function startWorkspaceProcess(dataFolder: string): Promise<WorkspaceProcess> {
  const port = await freePort();
  const program = path.resolve('build', 'local', 'workspace.mjs');
  const started = performance.now();
  const child = spawn(process.execPath, [program, '--data', dataFolder, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await answering(`https://localhost:${port}/`, started);
    const controlPlaneInMs = performance.now() - started;
    const address = await addressIn(dataFolder, started);
    await answering(address.blobUrl, started);
    const storageInMs = performance.now() - started;
    return { address, dataFolder, controlPlaneInMs, storageInMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressIn(dataFolder: string, started: number): Promise<WorkspaceAddress> {
  for (;;) {
    const address = await readAddress(dataFolder);
    if (address) return address;
    await again(started);
  }
}

async function answering(url: string, started: number): Promise<void> {
  while (!(await answers(url))) await again(started);
}

async function again(started: number): Promise<void> {
  if (performance.now() - started > GIVEN_UP_AFTER_IN_MS) throw new Error('The workspace did not start.');
  await delay(LOOK_EVERY_IN_MS);
}

/** Any answer counts; whose certificate it is does not matter here, since nothing is sent. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = https.get(url, { rejectUnauthorized: false, lookup: toLoopback }, (response) => {
      response.resume();
      resolve(true);
    });
    request.once('error', () => resolve(false));
  });
}

const toLoopback: NonNullable<https.RequestOptions['lookup']> = (_name, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
