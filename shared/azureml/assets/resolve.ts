import {
  Real,
  Reference,
  Secret,
  type Compilation,
  type Draft,
  type LocalAsset,
  type LocalVersion,
} from '../yaml/index.ts';
import { componentHash } from './anonymous.ts';
import { sendCode } from './code.ts';
import { sideBySide } from './concurrency.ts';
import { sendingContext, type SendingContext, type SendingOptions } from './context.ts';
import { sendPath, type SentPath } from './localPath.ts';
import { resolveReference } from './references.ts';
import type { AssetServices } from './services.ts';
import { nameVersion, sendVersion, type VersionBody } from './versions.ts';

/** The finished JSON of the PUT, without symbols. */
export interface Resolved {
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends what a compilation needs (only what the service does not have yet) and puts ids and addresses in its body. */
export async function resolveAssets(
  compilation: Compilation,
  services: AssetServices,
  options: SendingOptions = {},
): Promise<Resolved> {
  const resolution = new Resolution(sendingContext(services, options));
  await resolution.sendAll(compilation.assets);
  const body = await resolution.json(compilation.body);
  const { use, kind, apiVersion } = compilation;
  const exact =
    use === 'component' && kind !== 'pipelineComponent'
      ? await resolution.json(compilation.body, { keepReals: true })
      : undefined;
  return { apiVersion, body: (exact ? withClientHash(body, exact) : body) as Resolved['body'] };
}

/** A registered component (but a pipeline) carries the hash of its specification, by which the reference client knows it again. */
function withClientHash(body: unknown, exact: unknown): unknown {
  const { properties } = body as VersionBody;
  const { componentSpec } = (exact as VersionBody).properties;
  const spec = componentSpec as Readonly<Record<string, unknown>>;
  const hash = componentHash(spec, ['version', '_source']);
  const own = properties['properties'] as Readonly<Record<string, unknown>>;
  return { properties: { ...properties, properties: { ...own, client_component_hash: hash } } };
}

const AT_ONCE = 4;

class Resolution {
  readonly #context: SendingContext;
  readonly #sent = new Map<string | LocalAsset, Promise<SentPath>>();
  readonly #references = new Map<string, Promise<string>>();
  readonly #created = new Map<string, Promise<string>>();

  constructor(context: SendingContext) {
    this.#context = context;
  }

  /** Files first, then environments, then what may name either: a few at a time, each asset once. */
  async sendAll(assets: readonly LocalAsset[]): Promise<void> {
    const rooms = [
      assets.filter(({ kind }) => kind !== 'version'),
      assets.filter((asset) => asset.kind === 'version' && asset.type === 'environments'),
      assets.filter((asset) => asset.kind === 'version' && asset.type !== 'environments'),
    ];
    for (const room of rooms) await sideBySide(room, AT_ONCE, (asset) => this.#send(asset));
  }

  /** A draft with every symbol replaced. */
  async json(value: Draft, options: { keepReals?: boolean } = {}): Promise<unknown> {
    if (value instanceof Reference) return value.prefix + (await this.#addressOf(value));
    if (value instanceof Real) return options.keepReals ? value : value.value;
    if (value instanceof Secret) return value.reveal();
    if (Array.isArray(value)) return Promise.all(value.map((item: Draft) => this.json(item, options)));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(
      async ([key, member]) => [key, await this.json(member, options)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async #addressOf(reference: Reference): Promise<string> {
    const { target } = reference;
    if (target.kind === 'local') return (await this.#send(target.asset)).address;
    const key = JSON.stringify(target);
    const known = this.#references.get(key) ?? resolveReference(reference, this.#context);
    this.#references.set(key, known);
    return known;
  }

  #send(asset: LocalAsset): Promise<SentPath> {
    const key = keyOf(asset);
    const known = this.#sent.get(key) ?? this.#start(asset);
    this.#sent.set(key, known);
    return known;
  }

  async #start(asset: LocalAsset): Promise<SentPath> {
    switch (asset.kind) {
      case 'code':
        return { address: await sendCode(asset, this.#context), hash: '' };
      case 'path':
        return sendPath(asset, this.#context);
      case 'version':
        return { address: await this.#version(asset), hash: '' };
    }
  }

  async #version(asset: LocalVersion): Promise<string> {
    const filesHash = asset.content && (await this.#send(asset.content)).hash;
    const body = (await this.json(asset.body, { keepReals: true })) as VersionBody;
    const { name, version } = await nameVersion(asset, { body, filesHash }, this.#context);
    const json = await this.json(asset.body);
    const path = `${asset.type}/${name}/versions/${version}`;
    const created = this.#created.get(path) ?? sendVersion(path, json, this.#context);
    this.#created.set(path, created);
    return created;
  }
}

/** The same folder is one upload, however often it is named. */
function keyOf(asset: LocalAsset): string | LocalAsset {
  return asset.kind === 'version' ? asset : JSON.stringify({ ...asset, place: undefined });
}
