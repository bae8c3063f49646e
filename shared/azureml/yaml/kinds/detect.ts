import type { JobKind } from '../compilation.ts';
import type { YamlDocument, YamlMap, YamlNode, YamlScalar } from '../document/node.ts';
import { nearest } from '../fields/nearest.ts';
import type { Scope } from '../fields/scope.ts';

const JOB_TYPES: Readonly<Record<string, JobKind>> = {
  command: 'commandJob',
  sweep: 'sweepJob',
  pipeline: 'pipelineJob',
};
const LATER_TYPES = ['automl', 'spark', 'parallel', 'import', 'data_transfer', 'finetuning', 'distillation'];
/** Members that only one type of job has, for files that do not say their type. */
const TELLING_KEYS: readonly (readonly [string, string])[] = [
  ['command', 'command'],
  ['trial', 'sweep'],
  ['jobs', 'pipeline'],
  ['component', 'pipeline'],
  ['entry', 'spark'],
  ['training_data', 'automl'],
];

/** The word after `type:`, if there is one. */
export function typeWord(node: YamlNode): YamlScalar | undefined {
  const value = node.kind === 'map' ? node.entries.get('type')?.value : undefined;
  return value?.kind === 'scalar' ? value : undefined;
}

/**
 * The kind of a job's file: from `type`, then from members that only one type has, else a command job. `$schema` is a
 * hint for editors; where it names another kind, that is told.
 */
export function jobKind(node: YamlMap, scope: Scope): JobKind | undefined {
  const word = typeWord(node);
  const type = word?.text ?? TELLING_KEYS.find(([key]) => node.entries.has(key))?.[1] ?? 'command';
  const kind = JOB_TYPES[type];
  if (kind) return told(kind, node, scope);
  const at = word?.at ?? node.at;
  if (LATER_TYPES.includes(type)) {
    return scope.unsupported(
      at,
      `Jobs of type '${type}' are not offered for now; command, sweep and pipeline jobs are.`,
    );
  }
  const guess = nearest(type, [...Object.keys(JOB_TYPES), ...LATER_TYPES]);
  return scope.refuse(at, `There is no job type '${type}'.${guess ? ` Did you mean '${guess}'?` : ''}`);
}

/** Warns where `$schema` names another kind than the one the file is read as. */
export function told<K extends string>(kind: K, node: YamlNode, scope: Scope): K {
  const schema = node.kind === 'map' ? node.entries.get('$schema')?.value : undefined;
  const hint = schema?.kind === 'scalar' ? schemaKind(schema.text) : undefined;
  if (schema && hint !== undefined && KINDS.has(hint) && hint.toLowerCase() !== kind.toLowerCase()) {
    scope.warn(schema.at, `'$schema' names the kind ${hint}, but the file is read as ${kind}.`);
  }
  return kind;
}

/** Both spellings: `https://.../latest/commandJob.schema.json` and `http://azureml/sdk-2-0/CommandJob.json`. */
function schemaKind(url: string): string | undefined {
  const name = /([A-Za-z]+)(?:\.schema)?\.json$/.exec(url)?.[1];
  return name && name.charAt(0).toLowerCase() + name.slice(1);
}

const KINDS = new Set([
  'commandJob',
  'sweepJob',
  'pipelineJob',
  'autoMLJob',
  'sparkJob',
  'commandComponent',
  'pipelineComponent',
  'environment',
  'model',
  'data',
  'managedOnlineEndpoint',
  'managedOnlineDeployment',
  'kubernetesOnlineEndpoint',
  'kubernetesOnlineDeployment',
  'batchEndpoint',
  'batchDeployment',
  'schedule',
]);

/** What kind of asset a file describes: from `$schema`, then from members that only one kind has. */
export function assetKind(
  document: YamlDocument,
): 'commandComponent' | 'environment' | 'data' | 'model' | undefined {
  const { root } = document;
  if (root.kind !== 'map') return undefined;
  const schema = root.entries.get('$schema')?.value;
  const hint = schema?.kind === 'scalar' ? schemaKind(schema.text) : undefined;
  if (hint === 'commandComponent' || hint === 'environment' || hint === 'data' || hint === 'model')
    return hint;
  const type = typeWord(root)?.text.toLowerCase() ?? '';
  if (root.entries.has('command') || type === 'command') return 'commandComponent';
  if (root.entries.has('image') || root.entries.has('build') || root.entries.has('conda_file'))
    return 'environment';
  if (type.endsWith('_model') || root.entries.has('flavors')) return 'model';
  return type.startsWith('uri_') || type === 'mltable' ? 'data' : undefined;
}
