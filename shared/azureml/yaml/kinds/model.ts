import { TEMPLATE_VERSION } from '../apiVersions.ts';
import { Reference, type Draft, type DraftMap, type LocalPath } from '../compilation.ts';
import type { YamlMap, YamlNode } from '../document/node.ts';
import { draft, mapValues } from '../draft.ts';
import { anything, assetName, everythingAsText, oneOf, text, version } from '../fields/basic.ts';
import { listOf, mapOf, members, record } from '../fields/collections.ts';
import { mapped, required, type Field } from '../fields/field.ts';
import type { Scope } from '../fields/scope.ts';
import { nameOf } from '../references/ids.ts';
import { DEFAULT_DATASTORE, upload } from '../references/local.ts';
import { existingPath, isAddress } from '../references/paths.ts';

const READ_ONLY = [
  '$schema',
  'id',
  'utc_time_created',
  'creation_context',
  'job_name',
  'latest_version',
  'intellectual_property',
];

const flavors: Field<DraftMap> = {
  expected: 'a mapping of flavors',
  read(node, scope) {
    const read = mapOf(mapOf(anything)).read(node, scope);
    return read && mapValues(read, (data) => ({ data }));
  },
};

/** How a model is deployed: a template of a registry. */
const template: Field<DraftMap> = mapped(record({ asset_id: text }), (read) =>
  draft({ assetId: read.asset_id }),
);

const shape = {
  name: assetName,
  version,
  type: oneOf(['custom_model', 'mlflow_model', 'triton_model']),
  path: required(text),
  description: text,
  tags: mapOf(everythingAsText),
  properties: mapOf(everythingAsText),
  stage: text,
  flavors,
  datastore: text,
  system_metadata: mapOf(anything),
  default_deployment_template: template,
  allowed_deployment_templates: listOf(template),
};

export interface ModelReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly properties: DraftMap;
  readonly apiVersion?: string;
  /** The local files, where the path is one. */
  readonly content?: LocalPath;
}

/** A model as it is written in a file of its own or inside a deployment. */
export function readModel(
  node: YamlNode,
  scope: Scope,
  options: { needsName: boolean },
): ModelReading | undefined {
  const named = options.needsName ? { ...shape, name: required(assetName) } : shape;
  const read = members(node, scope, named, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  const datastore = read.datastore === undefined ? DEFAULT_DATASTORE : nameOf(read.datastore);
  const place =
    read.path === undefined ? undefined : placeOf(read.path, { node, datastore }, scope.member('path'));
  const hasTemplate = read.default_deployment_template ?? read.allowed_deployment_templates;
  const properties = draft({
    modelUri: place?.uri,
    modelType: read.type ?? 'custom_model',
    description: read.description,
    tags: read.tags ?? {},
    properties: read.properties ?? {},
    flavors: read.flavors,
    stage: read.stage,
    defaultDeploymentTemplate: read.default_deployment_template,
    allowedDeploymentTemplates: read.allowed_deployment_templates,
  });
  return {
    name: read.name,
    version: read.version,
    properties,
    ...(place?.content ? { content: place.content } : {}),
    ...(hasTemplate ? { apiVersion: TEMPLATE_VERSION } : {}),
  };
}

interface Place {
  readonly uri: Draft;
  readonly content?: LocalPath;
}

function placeOf(path: string, spot: { node: YamlMap; datastore: string }, scope: Scope): Place | undefined {
  const at = spot.node.entries.get('path')?.value ?? spot.node;
  // The address of a datastore is always that of this workspace, whatever else a long one names.
  const short =
    /^azureml:\/\/(?:subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/[^/]+\/)?datastores\/([^/]+)\/paths\/(.*)$/i.exec(
      path,
    );
  if (short) {
    const target = { kind: 'datastorePath', datastore: short[1]!, path: short[2]! } as const;
    return { uri: new Reference(target, at.at) };
  }
  if (isAddress(path) && !/^azureml:(?!\/\/)/.test(path)) return { uri: path };
  const absolute = existingPath(path, at, scope);
  if (absolute === undefined) return undefined;
  const { datastore } = spot;
  const content = {
    kind: 'path',
    path: absolute,
    datastore,
    address: 'long',
    trailingSlash: false,
    place: at.at,
  } as const;
  return { uri: upload(content, scope), content };
}
