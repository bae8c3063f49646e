import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const EXAMPLES = fileURLToPath(new URL('../../../../../shared/azureml-yaml/', import.meta.url));

/** Copies the public example files, and makes small files and folders for the code and data they name (see SOURCE.md there). */
export function copyExamples(target: string): string[] {
  if (!existsSync(EXAMPLES))
    throw new Error(`The public example files are needed for this suite: ${EXAMPLES} is missing.`);
  cpSync(EXAMPLES, target, { recursive: true, mode: 0 });
  const files = yamlFilesIn(target);
  for (const file of files) standInFor(file, target);
  return files;
}

function yamlFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => path.join(folder, name));
}

function standInFor(file: string, root: string): void {
  const folder = path.dirname(file);
  visit(parsed(file), undefined, (key, value, owner) => {
    const inside = path.normalize(path.join(folder, value.replace(/^file:/, '')));
    if (isLocal(value) && inside.startsWith(root)) makeFor(key, inside, owner);
  });
}

type Owner = Readonly<Record<string, unknown>>;

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { logLevel: 'silent', uniqueKeys: false });
  } catch {
    return undefined;
  }
}

function visit(
  node: unknown,
  parent: string | undefined,
  act: (key: string, value: string, owner: Owner) => void,
): void {
  if (Array.isArray(node)) node.forEach((item) => visit(item, parent, act));
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
  const owner: Owner = { ...node, ' parent': parent };
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') act(key, value, owner);
    visit(value, key, act);
  }
}

function isLocal(value: string): boolean {
  return value !== '' && value.length < 200 && !/^(?:[a-z]+:\/\/|azureml:|git\+|\/|\$\{\{)|\n/.test(value);
}

function makeFor(key: string, target: string, owner: Owner): void {
  if (key === 'conda_file') file(target, 'name: standin\ndependencies:\n- python=3.10\n');
  if (key === 'code') code(target, owner);
  if (key !== 'path') return;
  if (owner[' parent'] === 'build') folder(target, 'Dockerfile');
  else if (owner['type'] === 'mltable') folder(target, 'MLTable', 'paths:\n- file: ./a.csv\n');
  else if (owner['type'] === 'mlflow_model') folder(target, 'MLmodel', 'flavors: {}\n');
  else if (owner['type'] === 'uri_file' || (path.extname(target) !== '' && owner['type'] !== 'uri_folder'))
    file(target);
  else folder(target);
}

function code(target: string, owner: Owner): void {
  if (path.extname(target) === '.py') file(target);
  else folder(target, typeof owner['scoring_script'] === 'string' ? owner['scoring_script'] : 'standin.py');
}

function file(target: string, content = 'stand-in\n'): void {
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

function folder(target: string, name = 'standin.py', content?: string): void {
  if (existsSync(target) && !statSync(target).isDirectory()) return;
  file(path.join(target, name), content);
}
