import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A packed extension, unpacked again. */
export interface Extension {
  /** Folder with the files of the package. */
  readonly folder: string;
  readonly fileName: string;
  readonly sizeInBytes: number;
  /** What the packing said. */
  readonly said: string;
  /** The XML manifest that the Marketplace reads. */
  readonly vsixManifest: string;
  /** The manifest with contributions. */
  readonly manifest: Manifest;
  json<T>(file: string): Promise<T>;
  remove(): Promise<void>;
}

export interface Manifest {
  readonly scopes: readonly string[];
  readonly contributions: readonly {
    readonly id: string;
    readonly type: string;
    readonly properties: { readonly name: string; readonly downloadTaskId?: string };
  }[];
}

/** Runs `npm run package` with these arguments and unpacks what it made. */
export async function packExtension(...args: readonly string[]): Promise<Extension> {
  const output = await mkdtemp(path.join(os.tmpdir(), 'vsix-'));
  const script = path.resolve('scripts', 'package.mjs');
  const { stdout, stderr } = await run(process.execPath, [script, ...args, '--output', output]);
  const fileName = (await readdir(output)).find((name) => name.endsWith('.vsix')) ?? '';
  const file = path.join(output, fileName);
  const folder = path.join(output, 'unpacked');
  await run('python3', ['-m', 'zipfile', '-e', file, folder]);
  const json = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(path.join(folder, name), 'utf8')) as T;
  return {
    folder,
    fileName,
    sizeInBytes: (await readFile(file)).length,
    said: stdout + stderr,
    vsixManifest: await readFile(path.join(folder, 'extension.vsixmanifest'), 'utf8'),
    manifest: await json<Manifest>('extension.vsomanifest'),
    json,
    remove: () => rm(output, { recursive: true, force: true }),
  };
}
