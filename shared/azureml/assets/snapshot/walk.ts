import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Problem, type ProblemPlace } from '../../../problem/index.ts';
import { byCodePoint } from '../../yaml/document/python.ts';
import { ignoreRulesOf, type IgnoreRules } from './ignore.ts';

/** One file to send. */
export interface SnapshotFile {
  /** Where its bytes are: absolute, links followed. */
  readonly source: string;
  /** What it is called in the snapshot: relative, with forward slashes, under the name of a link. */
  readonly name: string;
  readonly sizeInBytes: number;
}

export interface Snapshot {
  /** Absolute path of the folder or file. */
  readonly root: string;
  readonly isFolder: boolean;
  /** What the storage calls the folder or file. */
  readonly name: string;
  /** In the order of the reference client, which is that of where they lie. */
  readonly files: readonly SnapshotFile[];
  /** Names of links that were followed. */
  readonly links: readonly string[];
  readonly rules: IgnoreRules;
}

/** Lists what a local folder or file comes to when it is sent: ignore rules (and more of them) applied, links followed. */
export async function takeSnapshot(root: string, place: ProblemPlace, more = ''): Promise<Snapshot> {
  const info = await stat(root).catch(() => undefined);
  if (!info) throw unreadable(root, place, 'There is no such file or folder');
  const name = path.basename(root);
  if (!info.isDirectory()) {
    const source = await realpath(root);
    const files = [{ source, name, sizeInBytes: info.size }];
    return { root, isFolder: false, name, files, links: [], rules: await ignoreRulesOf(source) };
  }
  const base = await realpath(root);
  const rules = await ignoreRulesOf(base, more);
  const walk = new Walk(base, rules, place);
  await walk.folder(base, '', [base]);
  if (walk.files.length === 0) throw emptyFolder(root, place);
  const files = walk.files.sort((a, b) => byCodePoint(a.source, b.source) || byCodePoint(a.name, b.name));
  return { root, isFolder: true, name, files, links: walk.links, rules };
}

class Walk {
  readonly files: SnapshotFile[] = [];
  readonly links: string[] = [];
  readonly #base: string;
  readonly #rules: IgnoreRules;
  readonly #place: ProblemPlace;

  constructor(base: string, rules: IgnoreRules, place: ProblemPlace) {
    this.#base = base;
    this.#rules = rules;
    this.#place = place;
  }

  /** `real` is the folder itself, `name` what the snapshot calls it, `above` the real folders it lies in. */
  async folder(real: string, name: string, above: readonly string[]): Promise<void> {
    const entries = await readdir(real, { withFileTypes: true });
    for (const entry of entries) {
      const entryName = name === '' ? entry.name : `${name}/${entry.name}`;
      const absolute = path.join(real, entry.name);
      const relative = path.relative(this.#base, absolute).replaceAll(path.sep, '/');
      if (entry.isDirectory()) {
        if (!this.#rules.isWholeFolderIgnored(relative))
          await this.folder(absolute, entryName, [...above, absolute]);
      } else if (entry.isSymbolicLink()) {
        await this.#link(absolute, { name: entryName, relative, above });
      } else if (!this.#rules.isIgnored(relative)) {
        await this.#file(absolute, entryName, entry);
      }
    }
  }

  async #file(absolute: string, name: string, entry: Dirent): Promise<void> {
    if (!entry.isFile())
      throw unreadable(absolute, this.#place, 'This is neither a file, a folder nor a link');
    const { size } = await stat(absolute);
    this.files.push({ source: absolute, name, sizeInBytes: size });
  }

  async #link(
    absolute: string,
    link: { name: string; relative: string; above: readonly string[] },
  ): Promise<void> {
    if (this.#rules.isIgnored(link.relative) || this.#rules.isWholeFolderIgnored(link.relative)) return;
    const source = await realpath(absolute).catch(() => undefined);
    const info = source === undefined ? undefined : await stat(source);
    if (source === undefined || !info) throw brokenLink(absolute, this.#place);
    this.links.push(link.name);
    if (!info.isDirectory()) {
      this.files.push({ source, name: link.name, sizeInBytes: info.size });
      return;
    }
    // Following a link into a folder it lies in would never end.
    if (link.above.includes(source)) throw cyclicLink(absolute, source, this.#place);
    await this.folder(source, link.name, [...link.above, source]);
  }
}

export function unreadable(file: string, place: ProblemPlace, what: string): Problem {
  return new Problem({
    code: 'file',
    message: `${what}: ${file}.`,
    next: 'Correct the path, or leave the entry out with .amlignore.',
    place,
  });
}

function brokenLink(file: string, place: ProblemPlace): Problem {
  return new Problem({
    code: 'file',
    message: `The link ${file} points at nothing, or at itself.`,
    next: 'Repair or remove the link, or leave it out with .amlignore.',
    place,
  });
}

function cyclicLink(file: string, target: string, place: ProblemPlace): Problem {
  return new Problem({
    code: 'file',
    message: `The link ${file} points at ${target}, a folder it lies in: following it would never end.`,
    next: 'Remove the link, or leave it out with .amlignore.',
    place,
  });
}

export function emptyFolder(folder: string, place: ProblemPlace): Problem {
  return new Problem({
    code: 'file',
    message: `The folder ${folder} has no files to send.`,
    next: 'Put a file in it; look whether .amlignore or .gitignore leaves everything out.',
    place,
  });
}
