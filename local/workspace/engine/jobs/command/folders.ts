import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../../../../shared/problem/index.ts';

/** The files of one job on this machine. */
export interface JobFolders {
  readonly root: string;
  /** Working directory: the code snapshot, with `outputs` and `logs` in it. */
  readonly work: string;
  readonly inputs: string;
  readonly outputs: string;
  /** What the workspace itself gives the command. */
  readonly support: string;
  /** How the environment was made. */
  readonly buildLog: string;
  readonly processFile: string;
}

/** Where a job's files are; the name is a checked path segment. */
export function jobFolders(base: string, job: string): JobFolders {
  const root = path.join(base, job);
  return {
    root,
    work: path.join(root, 'wd'),
    inputs: path.join(root, 'inputs'),
    outputs: path.join(root, 'outputs'),
    support: path.join(root, 'support'),
    buildLog: path.join(root, '20_image_build_log.txt'),
    processFile: path.join(root, 'process.json'),
  };
}

const PORT = /^[a-zA-Z_][a-zA-Z0-9_-]*$/;

/** The folder of one input or output; a component may have given it any name. */
export function folderOf(base: string, name: string): string {
  if (PORT.test(name)) return path.join(base, name);
  throw new Problem({
    code: 'input',
    message: `The name '${name}' of an input or output is not valid: it may have letters, digits, dashes and underscores only.`,
    next: 'Give it another name in the component.',
  });
}

/** Empty folders for a job that starts; what an earlier start of the same job left is removed. */
export async function makeJobFolders(folders: JobFolders): Promise<void> {
  await rm(folders.root, { recursive: true, force: true });
  for (const folder of [folders.work, folders.inputs, folders.outputs])
    await mkdir(folder, { recursive: true });
}

/** Frees what was only needed while the job ran: what is to stay is in storage by then. */
export async function removeJobFiles(folders: JobFolders): Promise<void> {
  await rm(folders.root, { recursive: true, force: true });
}
