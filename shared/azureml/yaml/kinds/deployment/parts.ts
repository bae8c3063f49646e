import path from 'node:path';
import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { text } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { code } from '../../references/code.ts';
import { versioned } from '../../references/ids.ts';
import { upload } from '../../references/local.ts';
import { absolutePath, isAddress, kindOfPath } from '../../references/paths.ts';
import { readModel } from '../model.ts';

/** The model a deployment serves: registered, or described in place and registered on the way. */
export const servedModel: Field<Draft> = {
  expected: 'azureml:<name>:<version>, a registry id, or a mapping with path',
  read(node, scope) {
    if (node.kind === 'map') return inlineModel(node, scope);
    const id = text.read(node, scope);
    if (id === undefined) return undefined;
    if (id.startsWith('azureml:')) return versioned(id, 'models', node, scope);
    return scope.refuse(
      node.at,
      `${scope.subject()} must be ${this.expected}, not '${id}'.`,
      'For a local model write a mapping: model: {path: ...}.',
    );
  },
};

function inlineModel(node: YamlNode, scope: Scope): Draft | undefined {
  const read = readModel(node, scope, { needsName: false });
  if (!read) return undefined;
  if (read.name === undefined && !read.content) {
    return scope.refuse(node.at, `${scope.subject()} needs a 'name', since its files are not local.`);
  }
  if (read.version !== undefined && read.name === undefined)
    return scope.refuse(node.at, `${scope.subject()} has a version and no 'name'.`);
  const body = {
    properties: { ...read.properties, isAnonymous: read.name === undefined, isArchived: false },
  };
  const content = read.content ? { content: read.content } : {};
  const { name, version } = read;
  return upload({ kind: 'version', type: 'models', name, version, body, ...content, place: node.at }, scope);
}

/** Code and the script in it that scores. */
export const codeConfiguration: Field<DraftMap> = {
  expected: 'a mapping with code and scoring_script',
  read(node, scope) {
    const read = members(node, scope, { code: required(code), scoring_script: required(text) });
    if (!read || node.kind !== 'map') return undefined;
    const folder = node.entries.get('code')?.value;
    const script = node.entries.get('scoring_script')?.value;
    if (folder?.kind === 'scalar' && script && read.scoring_script !== undefined && !isAddress(folder.text)) {
      checkScript(path.join(absolutePath(folder.text, scope.folder), read.scoring_script), script, scope);
    }
    return draft({ codeId: read.code, scoringScript: read.scoring_script });
  },
};

function checkScript(file: string, node: YamlNode, scope: Scope): void {
  if (kindOfPath(file) !== 'file') scope.refuse(node.at, `There is no scoring script ${file}.`);
}
