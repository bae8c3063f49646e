import { Problem, throwIfAny } from '../../problem/index.ts';
import { API_VERSION } from './apiVersions.ts';
import type {
  AssetCompilation,
  AssetKind,
  Compilation,
  CompileOptions,
  DeploymentCompilation,
  DraftMap,
  EndpointCompilation,
  JobCompilation,
  Kind,
  LocalAsset,
} from './compilation.ts';
import type { YamlDocument, YamlMap } from './document/node.ts';
import { Scope, noFindings } from './fields/scope.ts';
import { commandComponent } from './kinds/component/command.ts';
import { componentBody } from './kinds/component/spec.ts';
import { dataAsset } from './kinds/data.ts';
import { assetKind, jobKind, told, typeWord } from './kinds/detect.ts';
import { readEnvironment } from './kinds/environmentBody.ts';
import { commandJob } from './kinds/job/command.ts';
import { sweepJob } from './kinds/job/sweep.ts';
import { readModel } from './kinds/model.ts';
import { onlineDeployment } from './kinds/online/deployment.ts';
import { onlineEndpoint } from './kinds/online/endpoint.ts';
import { pages } from './kinds/pages.ts';
import { pipelineJob } from './kinds/pipeline/job.ts';

const JOBS = { commandJob, sweepJob, pipelineJob };

/** A job's file as the request that submits it; throws every problem of the file together. */
export function compileJob(document: YamlDocument, options: CompileOptions = {}): JobCompilation {
  const { root, scope } = open(document, 'job', options);
  const kind = jobKind(root, scope);
  const read = kind && JOBS[kind](root, within(scope, kind));
  return finish(
    document,
    scope,
    () => read && kind && { kind, name: read.name, body: { properties: read.properties } },
  );
}

/** An online endpoint's file as its request: managed, or Kubernetes where a compute is named. */
export function compileEndpoint(document: YamlDocument, options: CompileOptions = {}): EndpointCompilation {
  const { root, scope } = open(document, 'managedOnlineEndpoint', options);
  const target = root.entries.has('compute') ? 'kubernetes' : 'managed';
  const kind = told(`${target}OnlineEndpoint`, root, scope);
  const read = onlineEndpoint(root, within(scope, kind), target);
  return finish(document, scope, () => read && { kind, name: read.name, body: read.body });
}

/** An online deployment's file as its request: managed, unless `type: kubernetes`. */
export function compileDeployment(
  document: YamlDocument,
  options: CompileOptions = {},
): DeploymentCompilation {
  const { root, scope } = open(document, 'managedOnlineDeployment', options);
  const target = typeWord(root)?.text.toLowerCase() === 'kubernetes' ? 'kubernetes' : 'managed';
  const kind = told(`${target}OnlineDeployment`, root, scope);
  const read = onlineDeployment(root, within(scope, kind), target);
  const compiled = finish(document, scope, () => read && { kind, name: read.name, body: read.body });
  return { ...compiled, endpointName: read?.endpointName };
}

/** The file of an environment, data asset, model or command component as its request. */
export function compileAsset(
  document: YamlDocument,
  options: CompileOptions & { kind?: AssetKind } = {},
): AssetCompilation {
  const { root, scope } = open(document, 'job', options);
  const kind = options.kind ?? assetKind(document);
  if (!kind)
    scope.refuse(root.at, 'This could be an environment, a data asset, a model or a component.', KIND_HINT);
  const read = kind && ASSETS[kind](root, within(scope, kind));
  const compiled = finish(document, scope, () => read && kind && { kind, name: read.name, body: read.body });
  return { ...compiled, version: read?.version };
}

const KIND_HINT =
  "Say which with '$schema', for example https://azuremlschemas.azureedge.net/latest/model.schema.json.";

interface AssetReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly body: DraftMap;
}

const LASTING = { isAnonymous: false, isArchived: false };

const ASSETS: Readonly<Record<AssetKind, (root: YamlMap, scope: Scope) => AssetReading | undefined>> = {
  environment(root, scope) {
    const read = readEnvironment(root, scope);
    if (read && !root.entries.has('name')) scope.refuse(root.at, "The environment needs a 'name'.");
    return read && { ...read, body: { properties: { ...read.properties, ...LASTING } } };
  },
  data(root, scope) {
    const read = dataAsset(root, scope);
    return read && { ...read, body: { properties: read.properties } };
  },
  model(root, scope) {
    const read = readModel(root, scope, { needsName: true });
    return read && { ...read, body: { properties: { ...read.properties, ...LASTING } } };
  },
  commandComponent(root, scope) {
    const read = commandComponent(root, scope);
    if (!read) return undefined;
    checkComponentName(read.name, root, scope);
    const named = { ...read.spec, ...(read.name === undefined ? {} : { name: read.name }) };
    const spec = { ...named, ...(read.version === undefined ? {} : { version: read.version }) };
    const body = componentBody(spec, {
      source: 'YAML.COMPONENT',
      isAnonymous: false,
      properties: read.properties,
    });
    return { name: read.name, version: read.version, body };
  },
};

function checkComponentName(name: string | undefined, root: YamlMap, scope: Scope): void {
  const at = root.entries.get('name')?.value.at ?? root.at;
  if (!root.entries.has('name')) scope.refuse(at, "The component needs a 'name'.");
  else if (name !== undefined && !/^[a-z][a-z\d_]*$/.test(name)) {
    scope.refuse(at, `The component name '${name}' may hold only small letters, digits and underscores.`);
  }
}

/** Opens a document for reading: its root must be a mapping. */
function open(
  document: YamlDocument,
  page: keyof typeof pages,
  options: CompileOptions,
): { root: YamlMap; scope: Scope } {
  const settings = {
    folder: document.folder,
    page: pages[page],
    strict: options.strict ?? false,
    findings: noFindings(),
    inputOf: document.inputOf,
  };
  const scope = new Scope(settings);
  for (const { place, message } of document.warnings) scope.warn(place, message);
  const { root } = document;
  if (root.kind === 'map') return { root, scope };
  const isEmpty = root.kind === 'scalar' && root.type === 'null';
  const message = isEmpty ? 'The file is empty.' : 'The file must hold a mapping (key: value).';
  throw new Problem({ code: 'file', message, next: `See ${settings.page}.`, place: root.at });
}

function within(scope: Scope, kind: Kind): Scope {
  return scope.as(pages[kind]);
}

/** Throws what was found wrong, each thing once, in the order of the file; otherwise completes the compilation. */
function finish<K extends Kind>(
  document: YamlDocument,
  scope: Scope,
  result: () => { kind: K; name: string | undefined; body: DraftMap } | undefined,
): Compilation<K> {
  const { problems, warnings, assets } = scope.settings.findings;
  const distinct = [
    ...new Map(
      problems.map((problem) => [JSON.stringify([problem.message, problem.place]), problem]),
    ).values(),
  ];
  throwIfAny(distinct.sort(byPlace(document)));
  const compiled = result();
  if (!compiled) {
    throw new Problem({
      code: 'internal',
      message: 'The file was refused without a reason.',
      place: { file: document.file },
    });
  }
  return { ...compiled, apiVersion: API_VERSION, assets: uniqueAssets(assets), warnings };
}

/** Problems of the file itself come in its order; those of files it names come after. */
function byPlace(document: YamlDocument): (a: Problem, b: Problem) => number {
  const rank = ({ place }: Problem) => (place?.file === document.file ? 0 : 1);
  return (a, b) =>
    rank(a) - rank(b) ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

function uniqueAssets(assets: readonly LocalAsset[]): LocalAsset[] {
  return [...new Set(assets)];
}
