import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Place } from '../plan.ts';
import type { Findings } from './findings.ts';
import type { Node } from './node.ts';
import { readSource } from './source.ts';

/** The service's limit on files in one pipeline. */
const MOST_FILES = 100;

/** The YAML files of one pipeline: found relative to each other, read once, never outside the repository. */
export class Files {
  private readonly read = new Map<string, Node>();
  private readonly root: string;
  private readonly findings: Findings;

  constructor(start: string, findings: Findings) {
    this.root = repositoryOf(resolve(start));
    this.findings = findings;
  }

  /** What messages call a file: its path from the current folder, or the whole path when it lies elsewhere. */
  static shown(path: string): string {
    const near = relative(process.cwd(), resolve(path));
    return near.startsWith('..') || isAbsolute(near) ? resolve(path) : near.split(sep).join('/');
  }

  open(path: string): Node {
    const shown = Files.shown(path);
    const known = this.read.get(shown);
    if (known) return known;
    const node = readSource(path, shown);
    this.read.set(shown, node);
    return node;
  }

  /** The file a template reference means: relative to the file it stands in, or to the repository when it starts with a slash. */
  find(reference: string, at: Place): string | undefined {
    const name = reference.trim().replace(/@self$/, '');
    const alias = /@([^@/\\]+)$/.exec(name)?.[1];
    if (alias !== undefined) {
      this.findings.unsupported(at, `A template from another repository ('${alias}')`);
      return undefined;
    }
    const path = name.startsWith('/') ? join(this.root, name) : resolve(dirname(at.file), name);
    return this.allowed(path, name, at) ? path : undefined;
  }

  private allowed(path: string, name: string, at: Place): boolean {
    if (relative(this.root, path).startsWith('..')) {
      this.findings.wrong(
        at,
        `The template '${name}' lies outside the repository ${Files.shown(this.root) || '.'}.`,
      );
      return false;
    }
    if (!existsSync(path)) {
      const next = /\$[[(]/.test(name)
        ? 'A template path can use ${{ }} only: it is needed before the pipeline runs.'
        : undefined;
      this.findings.wrong(
        at,
        `The template '${name}' does not exist (looked for ${Files.shown(path)}).`,
        next,
      );
      return false;
    }
    if (this.read.size >= MOST_FILES && !this.read.has(Files.shown(path))) {
      this.findings.wrong(at, `A pipeline may be made of at most ${MOST_FILES} files.`);
      return false;
    }
    return true;
  }
}

/** The folder with `.git` above a file, else the file's own folder. */
function repositoryOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}
