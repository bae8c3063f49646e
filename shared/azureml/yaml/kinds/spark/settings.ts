import path from 'node:path';
import { Reference, type Draft } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { anything, text } from '../../fields/basic.ts';
import { listOf, mapOf, members } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { kindOfPath } from '../../references/paths.ts';
import { environment } from '../environment.ts';
import { conf } from './conf.ts';

/** What is run: a Python file in the code folder; a class is read but not run by the service. */
export interface Entry {
  readonly kind: 'file' | 'class';
  readonly name: string;
}

const entry: Field<Entry> = {
  expected: 'a mapping with file',
  read(node, scope) {
    const kind = node.kind === 'map' && node.entries.has('class_name') ? 'class' : 'file';
    const key = kind === 'class' ? 'class_name' : 'file';
    const read = members(node, scope, { [key]: { ...text, isRequired: true } });
    const name = read?.[key];
    return name === undefined ? undefined : { kind, name };
  },
};

const distinctTexts: Field<string[]> = mapped(listOf(text), (list, node, scope) => {
  if (new Set(list).size === list.length) return list;
  return scope.refuse(node.at, `${scope.subject()} names something twice.`);
});

/** An environment of Spark may be packages alone; the reference client then names an image that nothing uses. */
const PLACEHOLDER_IMAGE = 'conda/miniconda3';

const sparkEnvironment: Field<Draft | null> = {
  ...environment,
  acceptsNull: true,
  read(node, scope) {
    if (node.kind === 'scalar' && node.type === 'null') return null;
    return environment.read(isPackagesOnly(node) ? withImage(node) : node, scope);
  },
};

function isPackagesOnly(node: YamlNode): node is YamlMap {
  if (node.kind !== 'map') return false;
  return node.entries.has('conda_file') && !node.entries.has('image') && !node.entries.has('build');
}

function withImage(node: YamlMap): YamlMap {
  const spot = { kind: 'scalar', type: 'str', at: node.at } as const;
  const key = { ...spot, text: 'image', value: 'image' };
  const value = { ...spot, text: PLACEHOLDER_IMAGE, value: PLACEHOLDER_IMAGE };
  const packages = node.entries.get('conda_file');
  return {
    ...node,
    entries: new Map([...(packages ? [['conda_file', packages] as const] : []), ['image', { key, value }]]),
  };
}

/** What a Spark job and a Spark component share. */
export const sparkShape = {
  entry: { ...entry, isRequired: true },
  py_files: distinctTexts,
  jars: distinctTexts,
  files: distinctTexts,
  archives: distinctTexts,
  conf,
  environment: sparkEnvironment,
  args: text,
  properties: mapOf(anything),
};

/** The code of a component: without a word, the folder of its file. */
export function codeOf(
  given: Draft | undefined,
  { code, node, scope }: { code: Field<Draft>; node: YamlMap; scope: Scope },
): Draft | undefined {
  if (node.entries.has('code')) return given;
  return code.read({ kind: 'scalar', type: 'str', value: '.', text: '.', at: node.at }, scope.member('code'));
}

/** A job runs a file that is there, and no class. */
export function checkEntry(
  given: Entry | undefined,
  { code: id, node, scope }: { code: Draft | undefined; node: YamlMap; scope: Scope },
): void {
  const at = node.entries.get('entry')?.value.at ?? node.at;
  if (given?.kind === 'class') {
    scope.refuse(at, "A class cannot be the entry of a Spark job; write 'file' with a Python file.");
  } else if (
    given &&
    id instanceof Reference &&
    id.target.kind === 'local' &&
    id.target.asset.kind === 'code'
  ) {
    const file = path.join(id.target.asset.path, given.name);
    if (kindOfPath(file) === 'missing') {
      scope.refuse(at, `The entry '${given.name}' is not in the code folder (looked for ${file}).`);
    }
  }
}

/** Every input that arguments read must be there. */
export function checkArguments(
  args: string | undefined,
  inputs: readonly string[],
  { node, scope }: { node: YamlMap; scope: Scope },
): void {
  const at = node.entries.get('args')?.value.at ?? node.at;
  for (const [, name = ''] of (args ?? '').matchAll(/\$\{\{inputs\.([\w.-]+)\}\}/g)) {
    if (!inputs.includes(name))
      scope.refuse(at, `'args' reads the input '${name}', which is not among the inputs.`);
  }
}
