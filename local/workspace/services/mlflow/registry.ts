import { parse } from 'yaml';
import type { WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { locate, parseReference, workspaceAssets } from '../../engine/jobs/references/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { addressOfPlace } from '../../storage/place.ts';
import type { Collection } from '../../store/store.ts';
import { type AssetStore, openAssets } from '../assets/assetStore.ts';
import type { ContainerRecord, VersionRecord } from '../assets/records.ts';
import { MODEL_VERSION } from '../artifacts/modelVersions.ts';
import { pairsOf } from './parameters.ts';

const STAGES = ['None', 'Staging', 'Production', 'Archived'];

/** MLflow's model registry: the models of a workspace, or of a registry, in MLflow's words. */
export class Registry {
  readonly store: AssetStore;
  readonly aliases: Collection<string>;
  readonly #context: WorkspaceContext;
  readonly #shared: string | undefined;

  /** `shared` is the name of the registry whose models these are; the context is then one within it. */
  constructor(context: WorkspaceContext, shared?: string) {
    this.#context = context;
    this.#shared = shared;
    this.store = openAssets(context, 'models');
    this.aliases = context.store.collection('modelAliases');
  }

  model(name: string): ContainerRecord {
    const found = this.store.container(name);
    if (!found) throw notFound(`The registered model '${name}'`);
    return found;
  }

  version(name: string, version: string): VersionRecord {
    const found = this.store.version(name, version);
    if (!found) throw notFound(`The version '${version}' of the registered model '${name}'`);
    return found;
  }

  /** Newest first; MLflow knows versions that are whole numbers only. */
  versions(name: string): VersionRecord[] {
    return [...this.store.versions(name, { newestFirst: true })]
      .map(([, record]) => record)
      .filter(isNumbered);
  }

  /** With its versions and aliases, or not at all. */
  async deleteModel(name: string): Promise<void> {
    await this.#context.store.transaction(() => {
      void this.store.deleteContainer(name);
      for (const [alias] of this.aliasesOf(name)) void this.aliases.delete(`${name}/${alias}`);
    });
  }

  /** Every model that people made; what jobs registered by themselves is anonymous. */
  models(): ContainerRecord[] {
    return [...this.store.containers()]
      .map(([, record]) => record)
      .filter((record) => record.properties['isArchived'] !== true);
  }

  showModel(record: ContainerRecord): object {
    const newest = this.versions(record.name)[0];
    return {
      name: record.name,
      creation_timestamp: Date.parse(record.createdAt),
      last_updated_timestamp: Date.parse(record.modifiedAt),
      user_id: record.createdBy,
      description: record.properties['description'] ?? '',
      latest_versions: newest ? [this.showVersion(newest)] : [],
      tags: pairsOf(textsIn(record.properties['tags'])),
      aliases: this.aliasesOf(record.name).map(([alias, version]) => ({ alias, version })),
    };
  }

  showVersion(record: VersionRecord): object {
    const { properties, name, version } = record;
    return {
      name,
      version,
      creation_timestamp: Date.parse(record.createdAt),
      last_updated_timestamp: Date.parse(record.modifiedAt),
      user_id: record.createdBy,
      current_stage: stageOf(properties),
      description: properties['description'] ?? '',
      source: properties['modelUri'],
      run_id: typeof properties['jobName'] === 'string' ? properties['jobName'] : '',
      status: 'READY',
      status_message: '',
      tags: pairsOf(textsIn(properties['tags'])),
      aliases: this.aliasesOf(name).flatMap(([alias, at]) => (at === version ? [alias] : [])),
    };
  }

  aliasesOf(name: string): (readonly [string, string])[] {
    const prefix = `${name}/`;
    return [...this.aliases.list({ prefix })].map(
      ([key, version]) => [key.slice(prefix.length), version] as const,
    );
  }

  /** Where the artifact service gives out a version's files: below its run or upload, or by the version's own name. */
  downloadUri({ name, version, properties, bytesAt }: VersionRecord): string {
    const { storage, store } = this.#context;
    const modelUri = String(properties['modelUri']);
    const key = [...(this.#shared === undefined ? [] : [this.#shared]), name, version].join(':');
    const places = { storage, assets: workspaceAssets(this.#context), records: recordsIn(store) };
    const location = locate(bytesAt ?? modelUri, places, 'models');
    if (location.kind === 'url') return modelUri;
    const path = location.path.replace(/\/+$/, '');
    const isArtifact =
      location.container === storage.artifactContainer &&
      /^(?:ExperimentRun|LocalUpload)\/[^/]+\/./.test(path);
    return `azureml://artifacts/${isArtifact ? path : `${MODEL_VERSION}/${key}/${path.split('/').at(-1)}`}`;
  }

  /** The address ARM shows for a source that MLflow sends, and the flavors its MLmodel file tells. */
  async readSource(source: string): Promise<{ modelUri: string; flavors: Json }> {
    const { storage, store, storageReady } = this.#context;
    await storageReady;
    const reference = parseReference(source);
    const places = { storage, assets: workspaceAssets(this.#context), records: recordsIn(store) };
    const location = locate(source, places, 'models');
    if (location.kind === 'url') return { modelUri: source, flavors: {} };
    const path = `${location.path.replace(/\/$/, '')}/MLmodel`;
    const text = (await storage.exists(location.container, path))
      ? await storage.download(location.container, path)
      : undefined;
    const modelUri = reference.kind === 'artifact' ? addressOfPlace(this.#context, location) : source;
    return { modelUri, flavors: text ? flavorsIn(text.toString('utf8')) : {} };
  }
}

export function stageOf(properties: Json): string {
  const { stage } = properties;
  return typeof stage === 'string' && stage !== '' ? stage : 'None';
}

/** MLflow's own spelling of a stage; undefined for another word. */
export function knownStage(word: string): string | undefined {
  return STAGES.find((stage) => stage.toLowerCase() === word.toLowerCase());
}

export function textsIn(value: unknown): Record<string, string> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
}

/** A tag as searches see it. MLflow 3 leaves prompts out of every search by a tag that models do not carry. */
export function tagIn(properties: Json, key: string): string | undefined {
  return textsIn(properties['tags'])[key] ?? (key === 'mlflow.prompt.is_prompt' ? 'false' : undefined);
}

function isNumbered({ version }: VersionRecord): boolean {
  return /^\d+$/.test(version);
}

/** ARM wraps the data of every flavor. */
function flavorsIn(mlmodel: string): Json {
  const content: unknown = parse(mlmodel);
  const flavors = isObject(content) && isObject(content['flavors']) ? content['flavors'] : {};
  const entries = Object.entries(flavors).map(([name, data]) => [
    name,
    { data: isObject(data) ? flat(data) : {} },
  ]);
  return Object.fromEntries(entries);
}

/** Flavor data are texts. */
function flat(data: Json): Json {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
