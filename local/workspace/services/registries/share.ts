import type { WorkspaceContext } from '../../context.ts';
import { locate, parseReference, workspaceAssets, type Places } from '../../engine/jobs/references/index.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { openAssets } from '../assets/assetStore.ts';
import type { AssetType, VersionRecord } from '../assets/records.ts';
import { addressOf, newRoom } from './contents.ts';
import { registryAssets, type RegistryRecord } from './records.ts';

/** One version of the workspace, and what it is called in the registry. */
export interface Sharing {
  readonly type: AssetType;
  readonly source: { readonly name: string; readonly version: string };
  readonly name: string;
  readonly version: string;
  /** Who asked for it. */
  readonly caller: { readonly name: string };
}

const FILES: Readonly<Record<AssetType, string | undefined>> = {
  codes: 'codeUri',
  data: 'dataUri',
  models: 'modelUri',
  components: undefined,
  environments: undefined,
};

/** Copies versions of a workspace into one registry, files and all: what becomes of the original does not matter afterwards. */
export class Shares {
  readonly #context: WorkspaceContext;
  readonly #workspace: WorkspaceContext;
  readonly #registry: RegistryRecord;
  readonly #places: Places;

  /** `context` has the registry, `workspace` what is shared. */
  constructor(context: WorkspaceContext, registry: RegistryRecord, workspace: WorkspaceContext) {
    this.#context = context;
    this.#workspace = workspace;
    this.#registry = registry;
    this.#places = {
      storage: workspace.storage,
      assets: workspaceAssets(workspace),
      records: recordsIn(workspace.store),
    };
  }

  /** A version that is there already stays as it is. */
  async share({ type, source, name, version, caller }: Sharing): Promise<string> {
    const assets = registryAssets(this.#context, this.#registry, type);
    if (assets.version(name, version) === undefined) {
      const properties = await this.#propertiesOf(type, this.#source(type, source), caller);
      const container = {
        tags: {},
        properties: {},
        isArchived: false,
        ...(type === 'data' ? { dataType: properties.dataType } : {}),
      };
      await assets.putVersion({
        name,
        version,
        caller,
        merge: (current) => current ?? properties,
        container,
      });
    }
    return `azureml://registries/${this.#registry.name}/${type}/${name}/versions/${version}`;
  }

  #source(type: AssetType, { name, version }: Sharing['source']): VersionRecord {
    const found = openAssets(this.#workspace, type).version(name, version);
    if (found) return found;
    throw notFound(`The version '${version}' of '${name}' among the ${type} of the workspace`);
  }

  async #propertiesOf(
    type: AssetType,
    { properties }: VersionRecord,
    caller: Sharing['caller'],
  ): Promise<Json> {
    const { jobName: _, isArchived: _archived, ...kept } = properties;
    const own = { ...kept, isArchived: false, isAnonymous: false };
    const member = FILES[type];
    if (member !== undefined) return { ...own, [member]: await this.copied(String(properties[member])) };
    if (type === 'components')
      return { ...own, componentSpec: await this.#shared(properties.componentSpec, caller) };
    const { build } = own as Json;
    return isObject(build)
      ? { ...own, build: { ...build, contextUri: await this.copied(String(build.contextUri)) } }
      : own;
  }

  /** A copy of the files in a room of the registry; an address on the web is kept. */
  async copied(uri: string): Promise<string> {
    const from = locate(uri, this.#places);
    if (from.kind === 'url') return uri;
    const path = from.path.replace(/\/+$/, '');
    const room = await newRoom(this.#context, this.#registry);
    const to = path.slice(path.lastIndexOf('/') + 1) || 'files';
    const count = await this.#context.storage.copy(from.container, path, { container: room, path: to });
    if (count === 0) throw notFound(`A file at '${uri}'`);
    return addressOf(this.#context, room, to);
  }

  /** A component brings along what it names: code, environment, and the components of a pipeline. */
  async #shared(value: unknown, caller: Sharing['caller']): Promise<unknown> {
    if (typeof value === 'string') return this.#sharedText(value, caller);
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.#shared(one, caller)));
    if (!isObject(value)) return value;
    const shared: [string, unknown][] = [];
    for (const [key, one] of Object.entries(value)) shared.push([key, await this.#shared(one, caller)]);
    return Object.fromEntries(shared);
  }

  async #sharedText(text: string, caller: Sharing['caller']): Promise<string> {
    const reference = parseReference(text);
    if (reference.kind !== 'asset' || reference.registry !== undefined) return text;
    const { asset: type } = reference;
    const found =
      reference.version === undefined
        ? openAssets(this.#workspace, type).latest(reference.name)
        : this.#source(type, { name: reference.name, version: reference.version });
    if (!found) return text;
    const { name, version } = found;
    return this.share({ type, source: { name, version }, name, version, caller });
  }
}
