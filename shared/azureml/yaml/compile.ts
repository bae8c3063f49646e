import { Problem, throwIfAny } from '../../problem/index.ts';
import { API_VERSION } from './apiVersions.ts';
import type {
  AssetCompilation,
  AssetUse,
  Compilation,
  CompileOptions,
  DeploymentCompilation,
  EndpointCompilation,
  JobCompilation,
  Kind,
  KindsOfUse,
  LocalAsset,
  Use,
} from './compilation.ts';
import type { YamlDocument, YamlMap } from './document/node.ts';
import { Scope, noFindings } from './fields/scope.ts';
import { useOf } from './kinds/detect.ts';
import { FAMILIES } from './kinds/families.ts';
import type { Family, Reading } from './kinds/family.ts';
import { pages } from './kinds/pages.ts';
import { told } from './kinds/schema.ts';

/** A file as the request that creates what it describes; throws every problem of the file together. */
export function compileFile(
  document: YamlDocument,
  options: CompileOptions & { readonly use?: Use } = {},
): Compilation {
  const { root, scope } = open(document, options);
  const use = options.use ?? useOf(root, scope);
  return use ? compileRoot(document, use, { root, scope }) : finish(document, scope);
}

/** A job's file as the request that submits it. */
export function compileJob(document: YamlDocument, options: CompileOptions = {}): JobCompilation {
  return compileAs(document, 'job', options);
}

/** An online endpoint's file as its request: managed, or Kubernetes where a compute is named. */
export function compileEndpoint(document: YamlDocument, options: CompileOptions = {}): EndpointCompilation {
  return compileAs(document, 'onlineEndpoint', options);
}

/** An online deployment's file as its request: managed, unless `type: kubernetes`. */
export function compileDeployment(
  document: YamlDocument,
  options: CompileOptions = {},
): DeploymentCompilation {
  return compileAs(document, 'onlineDeployment', options);
}

/** The file of an environment, data asset, model or component as its request. */
export function compileAsset(
  document: YamlDocument,
  options: CompileOptions & { readonly use?: AssetUse } = {},
): AssetCompilation {
  const { root, scope } = open(document, options);
  const use = options.use ?? useOf(root, scope, ASSET_USES);
  return use ? compileRoot(document, use, { root, scope }) : finish(document, scope);
}

const ASSET_USES = ['component', 'environment', 'model', 'data'] as const;

interface Opened {
  readonly root: YamlMap;
  readonly scope: Scope;
}

function compileAs<U extends Use>(
  document: YamlDocument,
  use: U,
  options: CompileOptions,
): Compilation<KindsOfUse[U]> {
  return compileRoot(document, use, open(document, options));
}

function compileRoot<U extends Use>(
  document: YamlDocument,
  use: U,
  { root, scope }: Opened,
): Compilation<KindsOfUse[U]> {
  const family: Family<U> = FAMILIES[use];
  const kind = family.choose(root, scope.as(pages[use]));
  if (!kind) return finish(document, scope);
  told(kind, root, scope);
  const reading = read(family, kind, { root, scope: scope.as(pages[kind]) });
  return finish(document, scope, reading && { use, kind, reading });
}

function read<U extends Use>(
  family: Family<U>,
  kind: KindsOfUse[U],
  { root, scope }: Opened,
): Reading | undefined {
  const reader = family.readers[kind];
  if (typeof reader === 'function') return reader(root, scope);
  return scope.unsupported(root.at, `This is ${nameOf(kind)}. ${reader.reason}`);
}

function nameOf(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** Opens a document for reading: its root must be a mapping. */
function open(document: YamlDocument, options: CompileOptions): Opened {
  const settings = {
    folder: document.folder,
    page: pages.overview,
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

interface Result<K extends Kind> {
  readonly use: Use;
  readonly kind: K;
  readonly reading: Reading;
}

/** Throws what was found wrong, each thing once, in the order of the file; otherwise completes the compilation. */
function finish<K extends Kind>(document: YamlDocument, scope: Scope, result?: Result<K>): Compilation<K> {
  const { problems, warnings, assets } = scope.settings.findings;
  const distinct = [
    ...new Map(
      problems.map((problem) => [JSON.stringify([problem.message, problem.place]), problem]),
    ).values(),
  ];
  throwIfAny(distinct.sort(byPlace(document)));
  if (!result) {
    throw new Problem({
      code: 'internal',
      message: 'The file was refused without a reason.',
      place: { file: document.file },
    });
  }
  const { use, kind, reading } = result;
  const { name, version, endpointName, body } = reading;
  const apiVersion = reading.apiVersion ?? API_VERSION;
  const named = { use, kind, apiVersion, name, version, endpointName };
  return { ...named, body, assets: uniqueAssets(assets), warnings };
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
