import {
  Real,
  Reference,
  Secret,
  type Draft,
  type DraftMap,
  type LocalAsset,
  type Target,
} from '../../azureml/yaml/index.ts';
import { isObject, type Json, type JsonObject } from '../../rollout/json.ts';

/** Tag of a deployment that keeps the content hash of a local asset it was made from; `<member>` is the body's member. */
const LOCAL_TAG = 'delivery.local.';

/** Members only the service writes, or that a deployment and an endpoint keep elsewhere in the plan. */
const NOT_WANTED = [
  'provisioningState',
  'scoringUri',
  'swaggerUri',
  'traffic',
  'mirrorTraffic',
  'properties',
  'keys',
];

/** What a compiled body asks for, in words that stay the same from run to run: names and hashes instead of ids and addresses. */
export interface Specified {
  readonly specification: JsonObject;
  /** Tags that let a later run read the same words from the deployed body. */
  readonly localTags: Readonly<Record<string, string>>;
}

/** Gives the content hash of something that is not sent yet. */
export type HashLocal = (asset: LocalAsset) => Promise<string>;

export async function specify(body: DraftMap, hashLocal: HashLocal): Promise<Specified> {
  const localTags: Record<string, string> = {};
  const words = await wordsOf(body, hashLocal, (member, hash) => (localTags[`${LOCAL_TAG}${member}`] = hash));
  return { specification: settable(isObject(words) ? words : {}), localTags };
}

/** Any draft in words; `onLocal` is told of each local asset. */
export async function wordsOf(
  draft: Draft,
  hashLocal: HashLocal,
  onLocal: (member: string, hash: string) => void = () => undefined,
): Promise<Json> {
  const words = async (value: Draft, member: string): Promise<Json> => {
    if (value instanceof Real) return value.value;
    if (value instanceof Secret) return value.toString();
    if (value instanceof Reference) {
      if (value.target.kind !== 'local') return `${value.prefix}${wordsOfTarget(value.target)}`;
      const hash = await hashLocal(value.target.asset);
      onLocal(member, hash);
      return localWords(hash);
    }
    if (value instanceof Array) return Promise.all(value.map((item: Draft) => words(item, member)));
    if (typeof value !== 'object' || value === null)
      return typeof value === 'string' ? shortId(value) : value;
    const entries = Object.entries(value).map(async ([key, item]) => [key, await words(item, key)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return words(draft, '');
}

/** A deployed body in the same words. */
export function describeBody(
  raw: Readonly<Record<string, unknown>>,
  tags: Readonly<Record<string, string>>,
): JsonObject {
  const words = (value: unknown, member: string): Json => {
    const local = tags[`${LOCAL_TAG}${member}`];
    if (typeof value === 'string') return local === undefined ? shortId(value) : localWords(local);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map((item: unknown) => words(item, member));
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, words(item, key)]));
  };
  return settable(words(raw, '') as JsonObject);
}

/** Identity, SKU and properties a user sets; ids, states, traffic and tags are looked at elsewhere. */
function settable(body: JsonObject): JsonObject {
  const { identity, sku, properties } = body;
  const wanted = Object.entries((properties ?? {}) as JsonObject).filter(
    ([name]) => !NOT_WANTED.includes(name),
  );
  const capacity = (sku as JsonObject | undefined)?.['capacity'];
  const kind = (identity as JsonObject | undefined)?.['type'];
  const users = (identity as JsonObject | undefined)?.['userAssignedIdentities'];
  return {
    ...(kind !== undefined && { identity: { type: kind, ...userIdentities(users) } }),
    ...(capacity !== undefined && { sku: { capacity } }),
    properties: Object.fromEntries(wanted),
  };
}

/** The service adds principal ids to each identity, and keeps the case it likes. */
function userIdentities(users: Json | undefined): JsonObject {
  const ids = Object.keys((users ?? {}) as JsonObject).map((id) => id.toLowerCase());
  return ids.length === 0 ? {} : { userAssignedIdentities: ids.sort() };
}

function wordsOfTarget(target: Exclude<Target, { kind: 'local' }>): string {
  switch (target.kind) {
    case 'named':
      return `azureml:${target.name}`;
    case 'version':
      return `azureml:${target.name}:${target.version}`;
    case 'label':
      return `azureml:${target.name}@${target.label}`;
    case 'location':
      return 'the location of the workspace';
    case 'inGroup':
    case 'inWorkspace':
      return target.path;
    case 'collected':
      return `${target.member} of ${target.collection}`;
    case 'datastorePath':
      return `azureml://datastores/${target.datastore}/paths/${target.path}`;
  }
}

function localWords(hash: string): string {
  return `local, sha256 ${hash}`;
}

/** `azureml:<name>:<version>` for an id in a workspace, `azureml:<name>` for a compute; anything else as it is. */
function shortId(text: string): string {
  const found =
    /^(?:azureml:\/?)?\/subscriptions\/.+\/workspaces\/[^/]+\/(?:[a-z]+)\/([^/]+)(?:\/versions\/([^/]+))?$/i.exec(
      text,
    );
  if (!found) return text;
  return found[2] === undefined ? `azureml:${found[1]}` : `azureml:${found[1]}:${found[2]}`;
}
