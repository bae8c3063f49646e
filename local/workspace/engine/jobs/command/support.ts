import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes files beside the job's working directory; returns the path of each by its name. */
export async function supportFiles(
  files: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    paths[name] = path.join(folder, name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return paths;
}
