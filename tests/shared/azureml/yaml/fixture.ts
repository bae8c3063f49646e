import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  Real,
  Reference,
  Secret,
  type Compilation,
  type Draft,
  type YamlDocument,
  readYamlFile,
} from '../../../../shared/azureml/yaml/index.ts';
import { Problem, Problems } from '../../../../shared/problem/index.ts';

/** A temporary folder of files; `read` reads one of them as a document. */
export interface Files {
  readonly root: string;
  read(name: string): YamlDocument;
  remove(): Promise<void>;
}

export async function files(contents: Readonly<Record<string, string>>): Promise<Files> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'yaml-'));
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return {
    root,
    read: (name) => readYamlFile(path.join(root, name)),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A body as JSON in which references are written as short words: `<environments/e:1>`, `<local code src>`. */
export function shown(compilation: Compilation): Record<string, unknown> {
  return show(compilation.body) as Record<string, unknown>;
}

function show(value: Draft): unknown {
  if (value instanceof Reference) return value.prefix + target(value);
  if (value instanceof Secret) return value.toString();
  if (value instanceof Real) return value.value;
  if (Array.isArray(value)) return value.map((item: Draft) => show(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, show(member)]));
}

function target({ target: to }: Reference): string {
  switch (to.kind) {
    case 'named':
      return `<${to.type}/${to.name}>`;
    case 'version':
      return `<${to.type}/${to.name}:${to.version}>`;
    case 'label':
      return `<${to.type}/${to.name}@${to.label}>`;
    case 'location':
      return '<location>';
    case 'inGroup':
      return `<group/${to.path}>`;
    case 'inWorkspace':
      return `<workspace/${to.path}>`;
    case 'collected':
      return `<${to.member} of ${to.collection} of ${to.endpoint}/${to.deployment}>`;
    case 'datastorePath':
      return `<${to.datastore}:${to.path}>`;
    case 'local':
      return to.asset.kind === 'version'
        ? `<local ${to.asset.type} ${to.asset.name ?? ''}>`
        : `<local ${to.asset.kind} ${path.basename(to.asset.path)}>`;
  }
}

/** What a file is refused with, as `line:column message`. */
export function refusals(act: () => unknown): string[] {
  return problems(act).map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
}

export function problems(act: () => unknown): readonly Problem[] {
  try {
    act();
  } catch (error) {
    if (error instanceof Problems) return error.all;
    if (error instanceof Problem) return [error];
    throw error;
  }
  return [];
}
