import type { DraftMap, LocalPath } from '../compilation.ts';
import { emitYaml } from '../document/emit.ts';
import type { YamlMap, YamlNode } from '../document/node.ts';
import { readYamlFile } from '../document/read.ts';
import { draft } from '../draft.ts';
import { assetName, everythingAsText, integer, oneOf, text, version } from '../fields/basic.ts';
import { mapOf, members, record } from '../fields/collections.ts';
import { required, type Field } from '../fields/field.ts';
import { reportFrom } from '../fields/report.ts';
import type { Scope } from '../fields/scope.ts';
import { nameOf } from '../references/ids.ts';
import { DEFAULT_DATASTORE, upload } from '../references/local.ts';
import { existingPath, isAddress } from '../references/paths.ts';

const READ_ONLY = [
  '$schema',
  'id',
  'creation_context',
  'latest_version',
  'intellectual_property',
  'auto_delete_setting',
];

export interface EnvironmentReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly properties: DraftMap;
  /** The build folder an anonymous environment is named after. */
  readonly content?: LocalPath;
}

/** An environment as it is written in a file of its own or in place. */
export function readEnvironment(node: YamlNode, scope: Scope): EnvironmentReading | undefined {
  if (node.kind === 'map' && looksLikeConda(node)) return refuseConda(node, scope);
  const read = members(node, scope, shape, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  if (read.image !== undefined && read.build !== undefined) {
    scope.refuse(node.at, `${scope.subject()} has both 'image' and 'build'; an environment has one of them.`);
  }
  if (!node.entries.has('image') && !node.entries.has('build')) {
    scope.refuse(node.at, `${scope.subject()} needs an 'image' or a 'build'.`);
  }
  const datastore = read.datastore === undefined ? DEFAULT_DATASTORE : nameOf(read.datastore);
  const build = read.build && buildOf(read.build, node, datastore, scope.member('build'));
  const properties = draft({
    image: read.image,
    condaFile: read.conda_file,
    build: build?.body,
    inferenceConfig: read.inference_config,
    osType: read.os_type,
    description: read.description,
    tags: nonEmpty(read.tags),
  });
  return {
    name: read.name,
    version: read.version,
    properties,
    ...(build?.content ? { content: build.content } : {}),
  };
}

function looksLikeConda(node: YamlMap): boolean {
  return node.entries.has('channels') || node.entries.has('dependencies');
}

function refuseConda(node: YamlNode, scope: Scope): undefined {
  return scope.refuse(
    node.at,
    `${scope.subject()} holds conda packages where an environment belongs.`,
    'Put channels and dependencies in a file of their own and name it under conda_file, next to an image.',
  );
}

function nonEmpty<T extends DraftMap>(map: T | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}

const route = record({ port: required(integer), path: required(text) });
const inferenceConfig: Field<DraftMap> = {
  expected: 'a mapping with liveness_route, readiness_route and scoring_route',
  read(node, scope) {
    const read = members(node, scope, {
      liveness_route: required(route),
      readiness_route: required(route),
      scoring_route: required(route),
    });
    if (!read) return undefined;
    const { liveness_route: live, readiness_route: ready, scoring_route: score } = read;
    return draft({
      livenessRoute: live && draft(live),
      readinessRoute: ready && draft(ready),
      scoringRoute: score && draft(score),
    });
  },
};

/** Packages: a path to a conda file, or its content in place; sent as the text PyYAML writes for it. */
const condaFile: Field<string> = {
  expected: 'the path of a conda file, or its content',
  read(node, scope) {
    if (node.kind === 'map') return node.entries.size > 0 ? emitYaml(node) : undefined;
    if (node.kind !== 'scalar' || node.type !== 'str') return scope.unexpected(node, this.expected);
    const file = existingPath(node.value, node, scope, 'file');
    const document = file === undefined ? undefined : reportFrom(scope, () => readYamlFile(file));
    return document && emitYaml(document.root);
  },
};

const shape = {
  name: assetName,
  version,
  description: text,
  tags: mapOf(everythingAsText),
  image: text,
  build: record({ path: text, dockerfile_path: text }),
  conda_file: condaFile,
  inference_config: inferenceConfig,
  os_type: oneOf(['Linux', 'Windows']),
  datastore: text,
};

interface Build {
  readonly path: string | undefined;
  readonly dockerfile_path: string | undefined;
}

/** A Docker build: its folder goes to the datastore, an https address stays. */
function buildOf(build: Build, node: YamlMap, datastore: string, scope: Scope): BuildReading | undefined {
  const dockerfilePath = build.dockerfile_path;
  const pathNode = memberNode(memberNode(node, 'build'), 'path');
  if (build.path === undefined || !pathNode) return { body: draft({ dockerfilePath }) };
  if (isAddress(build.path)) return { body: draft({ contextUri: build.path, dockerfilePath }) };
  const path = existingPath(build.path, pathNode, scope.member('path'));
  if (path === undefined) return undefined;
  const content = {
    kind: 'path',
    path,
    datastore,
    address: 'https',
    trailingSlash: true,
    place: pathNode.at,
  } as const;
  return { body: draft({ contextUri: upload(content, scope), dockerfilePath }), content };
}

interface BuildReading {
  readonly body: DraftMap;
  readonly content?: LocalPath;
}

function memberNode(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}
