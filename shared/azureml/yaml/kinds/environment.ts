import type { Draft } from '../compilation.ts';
import type { YamlNode } from '../document/node.ts';
import { readYamlFile } from '../document/read.ts';
import type { Field } from '../fields/field.ts';
import { reportFrom } from '../fields/report.ts';
import type { Scope } from '../fields/scope.ts';
import { versioned } from '../references/ids.ts';
import { upload } from '../references/local.ts';
import { existingPath } from '../references/paths.ts';
import { pages } from './pages.ts';
import { readEnvironment } from './environmentBody.ts';

/** The environment of a job or deployment: a reference, or its description in place (which becomes an anonymous version). */
export const environment: Field<Draft> = {
  expected: 'an environment: azureml:<name>:<version>, a registry id, or a mapping with image or build',
  read(node, scope) {
    if (node.kind === 'map') return inlineEnvironment(node, scope);
    if (node.kind !== 'scalar' || node.type !== 'str') return scope.unexpected(node, this.expected);
    if (node.value.startsWith('file:')) return environmentFile(node.value, node, scope);
    if (node.value.startsWith('azureml:')) return versioned(node.value, 'environments', node, scope);
    return scope.refuse(
      node.at,
      `${scope.subject()} must be ${this.expected}, not '${node.value}'.`,
      'Put azureml: in front of the name of a registered environment, or write image: in a mapping of its own.',
    );
  },
};

/** The same for a deployment, where an environment described in place under a name is registered under it. */
export const deploymentEnvironment: Field<Draft> = {
  ...environment,
  read(node, scope) {
    const isNamed = node.kind === 'map' && node.entries.has('name');
    return isNamed ? namedEnvironment(node, scope) : environment.read(node, scope);
  },
};

function namedEnvironment(node: YamlNode, scope: Scope): Draft | undefined {
  const read = readEnvironment(node, scope);
  if (!read) return undefined;
  const body = { properties: { ...read.properties, isAnonymous: false, isArchived: false } };
  const { name, version } = read;
  return upload({ kind: 'version', type: 'environments', name, version, body, place: node.at }, scope);
}

function environmentFile(path: string, node: YamlNode, scope: Scope): Draft | undefined {
  const file = existingPath(path, node, scope, 'file');
  const document = file === undefined ? undefined : reportFrom(scope, () => readYamlFile(file));
  if (!document) return undefined;
  return inlineEnvironment(
    document.root,
    scope.elsewhere({ folder: document.folder, page: pages.environment }),
  );
}

function inlineEnvironment(node: YamlNode, scope: Scope): Draft | undefined {
  const read = readEnvironment(node, scope);
  if (!read) return undefined;
  if (read.name !== undefined && read.name !== 'CliV2AnonymousEnvironment') {
    scope.settings.findings.warnings.push({
      message: `The name '${read.name}' of an environment described in place is not used; it becomes an anonymous environment.`,
      place: node.at,
    });
  }
  const body = { properties: { ...read.properties, isAnonymous: true, isArchived: false } };
  const content = read.content ? { content: read.content } : {};
  return upload(
    {
      kind: 'version',
      type: 'environments',
      name: undefined,
      version: undefined,
      body,
      ...content,
      place: node.at,
    },
    scope,
  );
}
