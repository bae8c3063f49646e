import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { pythonText } from '../../document/python.ts';
import { draft, mapValues } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { nameOf, versioned } from '../../references/ids.ts';
import { DEFAULT_DATASTORE, upload } from '../../references/local.ts';
import { existingPath, hasBinding, isAddress } from '../../references/paths.ts';

const ASSET_TYPES = [
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
] as const;
export type AssetType = (typeof ASSET_TYPES)[number];

const MODES = {
  download: 'Download',
  ro_mount: 'ReadOnlyMount',
  direct: 'Direct',
  eval_mount: 'EvalMount',
  eval_download: 'EvalDownload',
} as const;
const COMMON_MODES = ['download', 'ro_mount', 'direct'] as const;
const TABLE_MODES = ['ro_mount', 'download', 'eval_mount', 'eval_download', 'direct'] as const;

/** One input of a job: a literal, or an asset at an address. */
export type JobInput = LiteralInput | BoundInput | AssetInput;

/** A single value, sent as text; its type counts where a step becomes a component. */
export interface LiteralInput {
  readonly kind: 'literal';
  readonly type: 'integer' | 'number' | 'boolean' | 'string';
  readonly value: string;
}

/** `{type, path: ${{...}}, mode}`: what the expression stands for, delivered as said here. */
export interface BoundInput {
  readonly kind: 'bound';
  readonly type: AssetType;
  readonly value: string;
  readonly mode: InputMode | undefined;
}

export interface AssetInput {
  readonly kind: 'asset';
  readonly type: AssetType;
  /** Undefined where the file names no path. */
  readonly uri: Draft | undefined;
  readonly mode: InputMode | undefined;
}

type InputMode = keyof typeof MODES;
const LITERAL_TYPES = { int: 'integer', float: 'number', bool: 'boolean', str: 'string' } as const;

/** An input as it is written under a job's `inputs`: a single value, `{value: ...}` or `{type, path, mode}`. */
export const jobInput: Field<JobInput> = {
  expected: 'a single value, or a mapping with type and path',
  read(node, scope) {
    if (node.kind === 'list') return scope.unexpected(node, this.expected);
    if (node.kind === 'map') return node.entries.has('value') ? literalOf(node, scope) : assetOf(node, scope);
    if (node.type === 'date' || node.type === 'binary' || node.type === 'null') {
      return scope.unexpected(node, `${this.expected} (dates need quotes)`);
    }
    return { kind: 'literal', type: LITERAL_TYPES[node.type], value: pythonText(node) };
  },
};

function literalOf(node: YamlMap, scope: Scope): JobInput | undefined {
  return members(node, scope, { value: jobInput })?.value;
}

/** The same for a place that takes tables only. */
export const tableInput: Field<JobInput> = {
  expected: 'a mapping with type mltable and a path',
  read(node, scope) {
    if (node.kind !== 'map') return scope.unexpected(node, this.expected);
    return assetOf(node, scope, { types: ['mltable'], usual: 'mltable' });
  },
};

interface AssetKinds {
  readonly types: readonly AssetType[];
  /** The type where the file says none. */
  readonly usual: AssetType;
}

const ANY_ASSET: AssetKinds = { types: ASSET_TYPES, usual: 'uri_folder' };

function assetOf(node: YamlMap, scope: Scope, { types, usual } = ANY_ASSET): JobInput | undefined {
  const read = members(node, scope, {
    type: oneOf(types),
    path: text,
    mode: oneOf(TABLE_MODES),
    datastore: text,
    path_on_compute: text,
  });
  if (!read) return undefined;
  const type = read.type ?? usual;
  checkMode(type, node, scope);
  const { mode } = read;
  const pathNode = node.entries.get('path')?.value;
  if (!pathNode) return { kind: 'asset', type, uri: undefined, mode };
  if (read.path === undefined) return undefined;
  if (hasBinding(read.path)) return { kind: 'bound', type, value: read.path, mode };
  const datastore = read.datastore === undefined ? DEFAULT_DATASTORE : nameOf(read.datastore);
  const uri = uriOf(read.path, { type, datastore, node: pathNode }, scope.member('path'));
  return uri === undefined ? undefined : { kind: 'asset', type, uri, mode };
}

function checkMode(type: AssetType, node: YamlMap, scope: Scope): void {
  const mode = node.entries.get('mode')?.value;
  if (type === 'mltable' || mode?.kind !== 'scalar') return;
  if (mode.text.toLowerCase().startsWith('eval_')) scope.member('mode').unknownWord(mode, COMMON_MODES);
}

interface Spot {
  readonly type: AssetType;
  readonly datastore: string;
  readonly node: YamlNode;
}

/** An address as it is, an asset of the workspace by reference, or a local path to send first. */
function uriOf(path: string, { type, datastore, node }: Spot, scope: Scope): Draft | undefined {
  if (path.startsWith('azureml://')) return path;
  if (path.startsWith('azureml:') || path.startsWith('/subscriptions/')) {
    return versioned(path, type.endsWith('_model') ? 'models' : 'data', node, scope);
  }
  if (/^(?:https?|wasbs?|abfss?|adl):/i.test(path)) return path;
  if (isAddress(path)) {
    return scope.refuse(
      node.at,
      `${scope.subject()} is '${path}', an address the service does not read job inputs from.`,
      'Use azureml://, https://, wasbs:// or abfss:// addresses, azureml:<name>:<version>, or a local path.',
    );
  }
  const absolute = existingPath(path, node, scope);
  if (absolute === undefined) return undefined;
  const trailingSlash = type === 'uri_folder';
  return upload(
    { kind: 'path', path: absolute, datastore, address: 'short', trailingSlash, place: node.at },
    scope,
  );
}

/** Inputs of a job as they are sent; each asset needs a path, and names are plain words. */
export function jobInputs(
  inputs: Readonly<Record<string, JobInput>>,
  node: YamlNode | undefined,
  scope: Scope,
  names: RegExp = PLAIN_NAME,
): DraftMap {
  for (const [name, input] of Object.entries(inputs)) {
    const at = (node?.kind === 'map' ? node.entries.get(name)?.key.at : undefined) ?? node?.at ?? {};
    if (!names.test(name)) {
      scope.refuse(at, `The input name '${name}' may hold only letters, digits and underscores.`);
    }
    if (input.kind === 'asset' && input.uri === undefined)
      scope.refuse(at, `The input '${name}' needs a 'path'.`);
  }
  return mapValues(inputs, restInput);
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function restInput(input: JobInput): DraftMap {
  if (input.kind !== 'asset') return { jobInputType: 'literal', value: input.value };
  return draft({ jobInputType: input.type, uri: input.uri, mode: input.mode && MODES[input.mode] });
}

/** The same for a step of a pipeline, which is sent in snake case and says how a bound input is delivered. */
export function nodeInput(input: JobInput): DraftMap {
  if (input.kind === 'literal') return { job_input_type: 'literal', value: input.value };
  const mode = input.mode && MODES[input.mode];
  if (input.kind === 'bound') return draft({ job_input_type: 'literal', value: input.value, mode });
  return draft({ job_input_type: input.type, uri: input.uri, mode });
}
