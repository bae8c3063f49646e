import type { Draft } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import type { Scope } from '../../fields/scope.ts';
import { versioned } from '../../references/ids.ts';
import { upload } from '../../references/local.ts';
import { existingPath, isAddress } from '../../references/paths.ts';

/** The types of data and models that can be an input. */
export const ASSET_TYPES = [
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
] as const;
export type AssetType = (typeof ASSET_TYPES)[number];

/** A type of data or models, if the word is one. */
export function assetType(word: unknown): AssetType | undefined {
  return ASSET_TYPES.find((type) => type === word);
}

interface Spot {
  readonly type: AssetType;
  readonly datastore: string;
  readonly node: YamlNode;
}

/** Where an input lies: an address as it is, an asset of the workspace by reference, or a local path to send first. */
export function uriOf(path: string, { type, datastore, node }: Spot, scope: Scope): Draft | undefined {
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
