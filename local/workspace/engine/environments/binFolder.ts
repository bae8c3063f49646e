import { createHash } from 'node:crypto';
import { access, mkdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';

const IS_WINDOWS = process.platform === 'win32';

/** A folder in which `python` is this interpreter. Debian's has only `python3`, and commands say `python`. */
export async function binFolderOf(python: string, cacheFolder: string): Promise<string> {
  const own = path.dirname(python);
  if (IS_WINDOWS || (await exists(path.join(own, 'python')))) return own;
  const key = createHash('sha256').update(python).digest('hex').slice(0, 16);
  const folder = path.join(cacheFolder, 'interpreters', key);
  await mkdir(folder, { recursive: true });
  for (const name of ['python', 'python3']) await link(python, path.join(folder, name));
  return folder;
}

async function link(target: string, file: string): Promise<void> {
  if (await exists(file)) return;
  const draft = `${file}.${process.pid}.${Date.now()}`;
  await symlink(target, draft);
  await rename(draft, file);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
