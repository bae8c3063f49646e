import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const CONDA = 'name: standin\ndependencies:\n- python=3.10\n';
const MLTABLE = 'paths:\n- file: ./a.csv\ntransformations: []\n';

/**
 * Copies a folder of YAML files, and makes small files and folders for the code and data they name: the public
 * collection comes as YAML alone, and the reference client refuses what is missing or empty. Answers with the files.
 */
export function copyWithStandIns(folder: string, target: string): string[] {
  if (!existsSync(folder)) throw new Error(`The example files are needed for this: ${folder} is missing.`);
  cpSync(folder, target, { recursive: true, mode: 0, filter: (source) => path.basename(source) !== '.git' });
  const files = yamlFilesIn(target);
  for (const file of files) standInFor(file, target);
  return files;
}

function yamlFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function standInFor(file: string, root: string): void {
  const folder = path.dirname(file);
  visit(parsed(file), undefined, (key, value, owner) => {
    const inside = path.join(folder, value.replace(/^file:/, ''));
    if (isLocal(value) && inside.startsWith(root + path.sep)) makeFor(key, inside, owner);
  });
}

interface Owner {
  readonly members: Readonly<Record<string, unknown>>;
  /** The key under which this mapping stands. */
  readonly parent: string | undefined;
}

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
  const members: Readonly<Record<string, unknown>> = { ...node };
  for (const [key, value] of Object.entries(members)) {
    if (typeof value === 'string') act(key, value, { members, parent });
    visit(value, key, act);
  }
}

function isLocal(value: string): boolean {
  return (
    value !== '' &&
    value.length < 200 &&
    !/^(?:[a-z][a-z\d+.-]+:\/\/|azureml:|git\+|\/|\$\{\{)|\n/i.test(value)
  );
}

function makeFor(key: string, target: string, owner: Owner): void {
  if (key === 'conda_file') file(target, CONDA);
  if (key === 'code' || key === 'local_path') code(target, owner);
  if (key !== 'path') return;
  const type = owner.members['type'];
  const isFile = path.extname(target) !== '' && !target.endsWith(path.sep);
  if (owner.parent === 'build') folder(target, dockerfileOf(owner));
  else if (type === 'mltable') folder(target, 'MLTable', MLTABLE);
  else if (type === 'mlflow_model') folder(target, 'MLmodel', 'flavors: {}\n');
  else if (type === 'uri_file' || (isFile && type !== 'uri_folder')) file(target);
  else folder(target);
}

function dockerfileOf({ members }: Owner): string {
  const given = members['dockerfile_path'];
  return typeof given === 'string' ? given : 'Dockerfile';
}

/** A code folder with the script that is named beside it: for scoring, Spark or a parallel step. */
function code(target: string, { members }: Owner): void {
  if (path.extname(target) === '.py') return file(target);
  const entry = members['entry'];
  const inEntry = entry !== null && typeof entry === 'object' && 'file' in entry ? entry.file : undefined;
  const scripts = [members['scoring_script'], members['entry_script'], inEntry];
  const named = scripts.filter((script): script is string => typeof script === 'string' && isLocal(script));
  for (const script of named.length > 0 ? named : ['standin.py']) folder(target, script);
}

function file(target: string, content = '# stand-in\n'): void {
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

function folder(target: string, name = 'standin.py', content?: string): void {
  if (existsSync(target) && !statSync(target).isDirectory()) return;
  if (name !== 'standin.py' || !existsSync(target) || readdirSync(target).length === 0)
    file(path.join(target, name), content);
}
