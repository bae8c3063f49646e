import { constants, cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import { minimatch } from 'minimatch';
import { Problem } from '../../../shared/problem/index.ts';
import type { RunSink } from '../agent/state.ts';
import type { ArtifactStore } from '../agent/steps/step.ts';
import type { Recorder } from './recorder.ts';

export type RunArtifacts = ArtifactStore & Pick<RunSink, 'uploadArtifact' | 'associateArtifact'>;

/** Keeps the run's artifacts in `artifacts/<name>` of the record folder. */
export function keepArtifacts(recorder: Recorder): RunArtifacts {
  const { artifacts } = recorder.run;
  const folderOf = (name: string): string => path.join(recorder.folder, 'artifacts', name);
  const known = (name: string) => artifacts.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const add = (name: string, type: string, where: { folder: string } | { location: string }): void => {
    if (!known(name)) artifacts.push({ name, type, ...where });
    recorder.tell.run(recorder.run);
  };
  return {
    async publish(name, source) {
      checkName(name);
      if (known(name))
        throw refuse(`The run has an artifact '${name}' already.`, 'Give every artifact its own name.');
      await takeIn(source, folderOf(name));
      add(name, 'PipelineArtifact', { folder: `artifacts/${name}` });
    },
    async download({ name, patterns, target }) {
      const kept = artifacts.filter((one) => one.folder !== undefined);
      const wanted = name === undefined ? kept : kept.filter((one) => one === known(name));
      if (name !== undefined && wanted.length === 0)
        throw missing(
          name,
          kept.map((one) => one.name),
        );
      for (const one of wanted) {
        const prefix = name === undefined ? `${one.name}/` : '';
        await takeOut(folderOf(one.name), path.join(target, prefix), prefix, patterns);
      }
      return wanted.map((one) => one.name);
    },
    uploadArtifact(name, source, folder) {
      checkName(name);
      const inside = (folder ?? '')
        .split(/[\\/]/)
        .filter((part) => part !== '' && part !== '..' && part !== '.');
      if (inside[0]?.toLowerCase() === name.toLowerCase()) inside.shift();
      const target = path.join(folderOf(name), ...inside);
      mkdirSync(target, { recursive: true });
      const isFile = statSync(source).isFile();
      cpSync(source, isFile ? path.join(target, path.basename(source)) : target, { recursive: true });
      add(name, 'Container', { folder: `artifacts/${name}` });
    },
    associateArtifact(name, location, properties) {
      add(name, properties['artifacttype'] ?? properties['type'] ?? 'FilePath', { location });
    },
  };
}

function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || /["<>|:*?\\/\u0000-\u001f]/.test(name)) {
    throw refuse(
      `'${name}' cannot be the name of an artifact.`,
      'Leave out the characters \\ / " : < > | * ?.',
    );
  }
}

/** Copied aside first: an artifact is there whole or not at all. */
async function takeIn(source: string, target: string): Promise<void> {
  if (!existsSync(source))
    throw refuse(`There is nothing to publish at '${source}'.`, 'Check the path of the step.');
  const aside = `${target}.coming`;
  await rm(aside, { recursive: true, force: true });
  if ((await stat(source)).isFile()) await copyInto(source, path.join(aside, path.basename(source)));
  else {
    await mkdir(aside, { recursive: true });
    const isLeftOut = await artifactIgnore(source);
    for (const file of await filesIn(source)) {
      if (!isLeftOut(file)) await copyInto(path.join(source, file), path.join(aside, file));
    }
  }
  await rename(aside, target);
}

/** `.artifactignore` says what stays out; without one, `.git` does. */
async function artifactIgnore(folder: string): Promise<(file: string) => boolean> {
  const rules = await readFile(path.join(folder, '.artifactignore'), 'utf8').catch(() => '.git\n');
  const matcher = ignore().add(rules);
  return (file) => matcher.ignores(file);
}

/** Copies what the patterns name of a folder's files. */
export function copyTree(folder: string, target: string, patterns: readonly string[]): Promise<void> {
  return takeOut(folder, target, '', patterns);
}

async function takeOut(
  folder: string,
  target: string,
  prefix: string,
  patterns: readonly string[],
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const file of await filesIn(folder)) {
    if (matches(`${prefix}${file}`, patterns))
      await copyInto(path.join(folder, file), path.join(target, file));
  }
}

/** Patterns are taken one after the other: `!` takes out again what an earlier one brought in. */
function matches(file: string, patterns: readonly string[]): boolean {
  let taken = false;
  for (const pattern of patterns) {
    const [bare, include] = pattern.startsWith('!') ? [pattern.slice(1), false] : [pattern, true];
    if (minimatch(file, bare, { dot: true, nocase: true })) taken = include;
  }
  return taken;
}

/** Relative paths with `/`, in a stable order; links are followed. */
async function filesIn(folder: string, below = ''): Promise<string[]> {
  const names = (await readdir(path.join(folder, below))).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const inner = below === '' ? name : `${below}/${name}`;
      const entry = await stat(path.join(folder, inner)).catch(() => undefined);
      if (entry?.isDirectory()) return filesIn(folder, inner);
      return entry?.isFile() ? [inner] : [];
    }),
  );
  return found.flat();
}

async function copyInto(source: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(source, target, constants.COPYFILE_FICLONE);
}

function missing(name: string, known: readonly string[]): Problem {
  const next =
    known.length > 0 ? `The run has published: ${known.join(', ')}.` : 'The run has published none so far.';
  return refuse(`The run has no artifact '${name}'.`, next);
}

function refuse(message: string, next: string): Problem {
  return new Problem({ code: 'not-found', message, next });
}
