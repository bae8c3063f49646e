import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { asTask } from '../build.mjs';
import type { WorkspaceProcess } from './workspaceProcess.ts';

const MEBIBYTE = 1024 ** 2;

/** Runs a bundled worker beside a workspace in a process of its own, and gives what it answers. */
export function runWorker(worker: string, work: object, { address }: WorkspaceProcess): Promise<unknown> {
  return runAlone(worker, {
    NODE_EXTRA_CA_CERTS: address.caFile,
    BENCH_WORK: JSON.stringify({ work, address }),
  });
}

/** Runs a bundled worker in a process of its own, so that its memory is its own, and gives what it answers. */
export async function runAlone(worker: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(process.execPath, [worker], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (text: Buffer) => said.push(text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${path.basename(worker)} ended with ${code}.`);
  return JSON.parse(Buffer.concat(said).toString());
}

/** Bundles a worker of this folder as a task is bundled. */
export async function bundleWorker(name: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${name}.cjs`);
  await build({
    entryPoints: [path.resolve('scripts', 'bench', `${name}.ts`)],
    outfile,
    ...asTask,
  });
  return outfile;
}

/** A file of random bytes. */
export async function makeLarge(folder: string, sizeInBytes: number): Promise<string> {
  const file = path.join(folder, 'model.bin');
  const handle = await open(file, 'w');
  const block = Buffer.allocUnsafe(16 * MEBIBYTE);
  for (let written = 0; written < sizeInBytes; written += block.length)
    await handle.write(randomFillSync(block));
  await handle.close();
  return file;
}
