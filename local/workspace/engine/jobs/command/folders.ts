import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

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
