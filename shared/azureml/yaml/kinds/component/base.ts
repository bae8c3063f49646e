import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { anything, boolean, jsonOf, text, version } from '../../fields/basic.ts';
import { mapOf } from '../../fields/collections.ts';
import { nearest } from '../../fields/nearest.ts';
import type { Scope } from '../../fields/scope.ts';
import type { SparkConf } from '../spark/conf.ts';
import { nonEmpty } from './spec.ts';
import { componentInputs, componentOutputs } from './ports.ts';

/** What a component's file has come to. */
export interface ComponentReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The specification without name and version. */
  readonly spec: DraftMap;
  /** Properties of the version, as text. */
  readonly properties: DraftMap;
  /** Of a Spark component: its configuration, which a step may change. */
  readonly conf?: SparkConf | undefined;
  /** Of a pipeline component: steps that name no compute, which the pipeline around it must then do. */
  readonly lacking?: readonly string[];
  /** Of a pipeline component: inputs that must be given, whatever follows from where they are used. */
  readonly needed?: readonly string[];
}

/** What every component has. */
export const componentShape = {
  $schema: text,
  name: text,
  version,
  display_name: text,
  description: text,
  tags: mapOf(text),
  properties: mapOf(anything),
  is_deterministic: boolean,
  inputs: componentInputs,
  outputs: componentOutputs,
};

/** Keys that the service sets: in a file they are left aside. */
const READ_ONLY = ['id', 'creation_context', 'latest_version', 'auto_delete_setting', 'schema'];

interface Base {
  readonly $schema: string | undefined;
  readonly display_name: string | undefined;
  readonly description: string | undefined;
  readonly tags: DraftMap | undefined;
  readonly is_deterministic: boolean | undefined;
  readonly inputs: DraftMap | undefined;
  readonly outputs: DraftMap | undefined;
}

/** The members of a specification that every component has. */
export function baseSpec(type: string, read: Base): Record<string, Draft | undefined> {
  return {
    $schema: read.$schema,
    type,
    display_name: read.display_name,
    description: read.description,
    tags: read.tags && nonEmpty(read.tags),
    is_deterministic: read.is_deterministic ?? true,
    inputs: read.inputs && nonEmpty(read.inputs),
    outputs: read.outputs && nonEmpty(read.outputs),
  };
}

/** Properties of the version; the service keeps text only. */
export function versionProperties(properties: DraftMap | undefined): DraftMap {
  return mapValues(properties ?? {}, (value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

/** Keys nobody here knows go along as they are: the service may know them. A slip of the pen would too, so it is told. */
export function unknownMembers(node: YamlMap, known: readonly string[], scope: Scope): DraftMap {
  const others = [...node.entries].filter(([key]) => !known.includes(key) && !READ_ONLY.includes(key));
  for (const [name, { key }] of others) {
    const guess = nearest(name, known);
    if (guess === undefined) continue;
    scope.warn(
      key.at,
      `'${name}' is not known in a component and is sent as it is. Did you mean '${guess}'?`,
    );
  }
  return draft(Object.fromEntries(others.map(([key, { value }]) => [key, jsonOf(value)])));
}
