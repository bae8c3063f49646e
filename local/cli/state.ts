import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders the command line works with. Absolute. */
export interface StateFolders {
  /** The embedded workspace's data. */
  readonly workspace: string;
  /** One folder per run. */
  readonly runs: string;
}

/** State lives in `.azureml-local` of the current folder unless said otherwise, so that two clones do not meet. */
export function stateFolders(folder: string | undefined): StateFolders {
  const root = path.resolve(folder ?? process.env['AZUREML_LOCAL_HOME'] ?? '.azureml-local');
  return { workspace: path.join(root, 'workspace'), runs: path.join(root, 'runs') };
}

/** A folder of the build this program is part of. */
export function builtFolder(name: 'tasks' | 'local'): string {
  return path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), name);
}
