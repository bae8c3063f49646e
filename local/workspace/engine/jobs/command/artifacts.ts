import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStorage } from '../../../context.ts';
import { artifactPath } from '../records/index.ts';

/** Folders of the working directory that Azure keeps as the run's artifacts. */
const KEPT = ['outputs', 'logs'];

/** Azure has these folders ready in the working directory. */
export async function makeArtifactFolders(work: string): Promise<void> {
  for (const name of KEPT) await mkdir(path.join(work, name), { recursive: true });
}

/** Copies `./outputs` and `./logs` of the working directory to the run's artifacts. */
export async function uploadArtifacts(runId: string, work: string, storage: BlobStorage): Promise<void> {
  for (const name of KEPT) {
    const folder = path.join(work, name);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory())
      await storage.uploadFolder(storage.artifactContainer, artifactPath(runId, name), folder);
  }
}
