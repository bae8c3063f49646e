import path from 'node:path';
import { AUTO_DELETE_VERSION } from '../apiVersions.ts';
import type { Draft, DraftMap } from '../compilation.ts';
import type { YamlMap, YamlNode } from '../document/node.ts';
import { readYamlFile } from '../document/read.ts';
import { draft } from '../draft.ts';
import { assetName, everythingAsText, oneOf, oneOfSnake, text, version } from '../fields/basic.ts';
import { mapOf, members, record } from '../fields/collections.ts';
import { mapped, required } from '../fields/field.ts';
import { reportFrom } from '../fields/report.ts';
import type { Scope } from '../fields/scope.ts';
import { nameOf } from '../references/ids.ts';
import { DEFAULT_DATASTORE, upload } from '../references/local.ts';
import { existingPath, isAddress, kindOfPath } from '../references/paths.ts';

const READ_ONLY = ['$schema', 'id', 'properties', 'creation_context', 'latest_version'];
/** When the service may delete the data. */
const autoDelete = mapped(
  record({
    condition: oneOfSnake(['created_greater_than', 'last_accessed_greater_than']),
    value: text,
  }),
  (read) => draft({ condition: read.condition && CONDITIONS[read.condition], value: read.value }),
);
const CONDITIONS = {
  created_greater_than: 'CreatedGreaterThan',
  last_accessed_greater_than: 'LastAccessedGreaterThan',
} as const;

const shape = {
  name: required(assetName),
  version,
  type: oneOf(['uri_file', 'uri_folder', 'mltable'], { exactCase: true }),
  path: required(text),
  description: text,
  tags: mapOf(everythingAsText),
  auto_delete_setting: autoDelete,
  datastore: text,
};

export interface DataReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly properties: DraftMap;
  readonly apiVersion?: string;
}

/** A data asset's file. */
export function dataAsset(node: YamlNode, scope: Scope): DataReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const type = read.type ?? 'uri_folder';
  const datastore = read.datastore === undefined ? DEFAULT_DATASTORE : nameOf(read.datastore);
  const source =
    read.path === undefined
      ? undefined
      : sourceOf(read.path, { node, type, datastore }, scope.member('path'));
  const properties = draft({
    dataType: type,
    dataUri: source?.uri,
    referencedUris: source?.referencedUris,
    description: read.description,
    autoDeleteSetting: read.auto_delete_setting,
    tags: read.tags ?? {},
    properties: {},
    isAnonymous: false,
    isArchived: false,
  });
  const preview = read.auto_delete_setting ? { apiVersion: AUTO_DELETE_VERSION } : {};
  return { name: read.name, version: read.version, properties, ...preview };
}

interface Spot {
  readonly node: YamlMap;
  readonly type: string;
  readonly datastore: string;
}

function sourceOf(
  given: string,
  { node, type, datastore }: Spot,
  scope: Scope,
): { uri: Draft; referencedUris?: string[] } | undefined {
  const at = node.entries.get('path')?.value ?? node;
  if (isAddress(given) && !/^azureml:(?!\/\/)/.test(given)) return { uri: given };
  const absolute = existingPath(given, at, scope);
  if (absolute === undefined) return undefined;
  const wanted = type === 'uri_file' ? 'file' : 'folder';
  if (kindOfPath(absolute) !== wanted) {
    return scope.refuse(at.at, `'${given}' is not a ${wanted}, as the type ${type} asks for.`);
  }
  const uri = upload(
    { kind: 'path', path: absolute, datastore, address: 'short', trailingSlash: false, place: at.at },
    scope,
  );
  return type === 'mltable' ? tableOf(absolute, uri, scope) : { uri };
}

/** An MLTable folder also says which paths it refers to. */
function tableOf(
  folder: string,
  uri: Draft,
  scope: Scope,
): { uri: Draft; referencedUris: string[] } | undefined {
  const document = reportFrom(scope, () => readYamlFile(path.join(folder, 'MLTable')));
  if (!document) return undefined;
  const paths = document.root.kind === 'map' ? document.root.entries.get('paths')?.value : undefined;
  const items = paths?.kind === 'list' ? paths.items : [];
  return { uri, referencedUris: items.flatMap(pathsIn) };
}

function pathsIn(item: YamlNode): string[] {
  if (item.kind !== 'map') return [];
  return [...item.entries.values()].flatMap(({ value }) => (value.kind === 'scalar' ? [value.text] : []));
}
