import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface TestFolder {
  readonly root: string;
  at(...parts: string[]): string;
  write(name: string, content: string | Buffer): Promise<string>;
  remove(): Promise<void>;
}

export async function testFolder(): Promise<TestFolder> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'assets-'));
  const at = (...parts: string[]) => path.join(root, ...parts);
  return {
    root,
    at,
    async write(name, content) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
      return at(name);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A folder with an ignore file, an exception from it, links, an empty file and names outside ASCII. */
export async function codeFolder(): Promise<TestFolder> {
  const folder = await testFolder();
  const files: Record<string, string> = {
    'code/b.txt': 'hello\n',
    'code/A.txt': 'x',
    'code/sub/C.py': 'print(1)\n',
    'code/sub/é.txt': 'ü',
    'code/.amlignore': '# comment\n*.log\nskip/\n!keep.log\n',
    'code/x.log': '1',
    'code/keep.log': '2',
    'code/skip/y.txt': '3',
    'code/.gitignore': 'b.txt\n',
    'code/empty.txt': '',
    'outside/o.txt': 'o',
  };
  for (const [name, content] of Object.entries(files)) await folder.write(name, content);
  await symlink('b.txt', folder.at('code/link.txt'));
  await symlink('../outside', folder.at('code/linked'));
  return folder;
}
