import type { ProblemPlace } from '../../../../problem/index.ts';
import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { pythonText } from '../../document/python.ts';
import { draft, mapValues } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { nameOf } from '../../references/ids.ts';
import { DEFAULT_DATASTORE } from '../../references/local.ts';
import { hasBinding } from '../../references/paths.ts';
import { ASSET_TYPES, uriOf, type AssetType } from './inputAddress.ts';
import { PLAIN_NAME } from './outputs.ts';

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
    if (node.type === 'float' && !Number.isFinite(node.value)) return scope.unexpected(node, this.expected);
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
  // Where the type is left open, the address is that of a folder.
  const addressed = read.type ?? ANY_ASSET.usual;
  checkMode(type, node, scope);
  const { mode } = read;
  const pathNode = node.entries.get('path')?.value;
  if (!pathNode) return { kind: 'asset', type, uri: undefined, mode };
  if (read.path === undefined) return undefined;
  if (hasBinding(read.path)) return { kind: 'bound', type, value: read.path, mode };
  const datastore = read.datastore === undefined ? DEFAULT_DATASTORE : nameOf(read.datastore);
  const uri = uriOf(read.path, { type: addressed, datastore, node: pathNode }, scope.member('path'));
  return uri === undefined ? undefined : { kind: 'asset', type, uri, mode };
}

function checkMode(type: AssetType, node: YamlMap, scope: Scope): void {
  const mode = node.entries.get('mode')?.value;
  if (type === 'mltable' || mode?.kind !== 'scalar') return;
  if (mode.text.toLowerCase().startsWith('eval_')) scope.member('mode').unknownWord(mode, COMMON_MODES);
}

/** Text alone where data is asked for: the path of that data. */
export function assetAt(type: AssetType, path: string, node: YamlNode, scope: Scope): JobInput | undefined {
  const uri = uriOf(path, { type, datastore: DEFAULT_DATASTORE, node }, scope);
  return uri === undefined ? undefined : { kind: 'asset', type, uri, mode: undefined };
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
    checkPath(name, input, { at, scope });
  }
  return mapValues(inputs, restInput);
}

/** An asset that is given to a job or a step needs a path. */
export function checkPath(
  name: string,
  input: JobInput,
  { at, scope }: { at: ProblemPlace; scope: Scope },
): void {
  if (input.kind === 'asset' && input.uri === undefined)
    scope.refuse(at, `The input '${name}' needs a 'path'.`);
}

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
