import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What git knows of the pipeline's repository; empty without git. */
export interface Source {
  readonly repository: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly message?: string;
  readonly author?: string;
  /** The address of the remote repository, without credentials. */
  readonly remote?: string;
}

export async function readSource(repository: string): Promise<Source> {
  const ask = async (...args: string[]): Promise<string | undefined> =>
    (await git(repository, args))?.trim() || undefined;
  const [commit, branch, message, author, remote] = await Promise.all([
    ask('rev-parse', 'HEAD'),
    ask('symbolic-ref', '--quiet', 'HEAD'),
    ask('log', '-1', '--format=%s'),
    ask('log', '-1', '--format=%an'),
    ask('remote', 'get-url', 'origin'),
  ]);
  return {
    repository,
    ...(commit && { commit }),
    ...(branch && { branch }),
    ...(message && { message }),
    ...(author && { author }),
    ...(remote && { remote: remote.replace(/^(https?:\/\/)[^@/]+@/, '$1') }),
  };
}

/** Who commits here, for the run's requester and approver. */
export async function gitUser(
  repository: string,
): Promise<{ displayName: string; uniqueName: string } | undefined> {
  const [name, email] = await Promise.all(
    ['user.name', 'user.email'].map(async (key) => (await git(repository, ['config', key]))?.trim()),
  );
  return name && email ? { displayName: name, uniqueName: email } : undefined;
}

/** How many files are copied side by side. */
const AT_ONCE = 32;

/**
 * Copies what a checkout brings: tracked files as they are now, and new ones that are not ignored. A folder that is no
 * git repository is copied whole, without the folders in `except`.
 */
export async function copySource(
  repository: string,
  target: string,
  except: readonly string[],
): Promise<void> {
  const left = except.map((folder) => path.resolve(folder));
  const isLeft = (file: string): boolean =>
    left.some((folder) => inside(folder, path.join(repository, file)));
  await mkdir(target, { recursive: true });
  const files = (await gitFiles(repository)) ?? (await allFiles(repository, '', isLeft));
  const wanted = files.filter((file) => !isLeft(file));
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const batch = wanted.slice(at, at + AT_ONCE);
    await Promise.all(batch.map((file) => copyEntry(path.join(repository, file), path.join(target, file))));
  }
}

function inside(folder: string, file: string): boolean {
  const way = path.relative(folder, path.resolve(file));
  return way === '' || (!way.startsWith('..') && !path.isAbsolute(way));
}

async function gitFiles(repository: string): Promise<string[] | undefined> {
  const list = await git(repository, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  // A folder that git ignores as a whole has no list either; it is not git's.
  return list ? [...new Set(list.split('\0').filter((file) => file !== ''))] : undefined;
}

async function allFiles(root: string, below: string, isLeft: (file: string) => boolean): Promise<string[]> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true });
  const inner = entries.map(async (entry) => {
    const file = path.join(below, entry.name);
    if (entry.name === '.git' || isLeft(file)) return [];
    return entry.isDirectory() ? allFiles(root, file, isLeft) : [file];
  });
  return (await Promise.all(inner)).flat();
}

/** Links stay links, as git keeps them; a tracked file that was deleted, and a submodule, bring nothing. */
async function copyEntry(source: string, target: string): Promise<void> {
  const entry = await lstat(source).catch(() => undefined);
  if (!entry) return;
  await mkdir(path.dirname(target), { recursive: true });
  if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
  else if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
}

/** undefined when git is missing or says no. */
async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  const most = 256 * 1024 * 1024;
  const answer = await execute('git', ['-C', folder, ...args], { maxBuffer: most }).catch(() => undefined);
  return answer?.stdout;
}
