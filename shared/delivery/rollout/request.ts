import { digestFiles, resolveAssets, type UploadProgress } from '../../azureml/assets/index.ts';
import type { AzureML } from '../../azureml/index.ts';
import type {
  Compilation,
  DeploymentCompilation,
  DraftMap,
  EndpointCompilation,
  LocalAsset,
} from '../../azureml/yaml/index.ts';
import { Problem } from '../../problem/index.ts';
import type { RolloutWish, Wanted } from '../../rollout/endpointState.ts';
import { hashOf, type Json } from '../../rollout/json.ts';
import { specify, wordsOf } from './words.ts';

type Body = Readonly<Record<string, unknown>>;

/** What a deploy asks for: in words for the plan, and as bodies for the service once it is carried out. */
export interface DeployRequest {
  readonly wanted: Wanted;
  /** Tags that say which local assets the deployment was made from. */
  readonly localTags: Readonly<Record<string, string>>;
  /** Body of the endpoint; undefined where only its name is given. Sends what is not in the workspace yet. */
  endpointBody(): Promise<Body | undefined>;
  deploymentBody(): Promise<Body>;
}

export interface RequestParts {
  readonly client: AzureML;
  readonly endpointName: string;
  /** Undefined: only the name is given. */
  readonly endpoint: EndpointCompilation | undefined;
  readonly deployment: DeploymentCompilation;
  readonly wish: RolloutWish;
  readonly smokeTestHash: string | undefined;
  readonly onProgress: (progress: UploadProgress) => void;
  readonly abortSignal: AbortSignal;
}

/** Reads content hashes of local files; nothing is sent before a body is asked for. */
export async function createRequest(parts: RequestParts): Promise<DeployRequest> {
  const { endpoint, deployment, abortSignal } = parts;
  const hashLocal = hashing(abortSignal);
  const settings = endpoint && (await specify(endpoint.body, hashLocal)).specification;
  const { specification, localTags } = await specify(deployment.body, hashLocal);
  const wanted: Wanted = {
    endpoint: { name: parts.endpointName, settings, tags: endpoint ? tagsOf(endpoint) : {} },
    deployment: { name: nameOf(deployment), specification: { ...specification, tags: tagsOf(deployment) } },
    rollout: parts.wish,
    ...(parts.smokeTestHash !== undefined && { smokeTest: parts.smokeTestHash }),
  };
  const resolve = (compilation: Compilation) => async (): Promise<Body> =>
    (
      await resolveAssets(
        compilation,
        { ...parts.client.assets, onProgress: parts.onProgress },
        { abortSignal },
      )
    ).body;
  return {
    wanted,
    localTags,
    endpointBody: once(endpoint ? resolve(endpoint) : () => Promise.resolve(undefined)),
    deploymentBody: once(resolve(deployment)),
  };
}

function nameOf({ name }: DeploymentCompilation): string {
  if (name !== undefined) return name.toLowerCase();
  throw new Problem({
    code: 'input',
    message: 'The deployment has no name.',
    place: { input: 'deploymentName' },
    next: "Give 'name' in the deployment file, or the input deploymentName.",
  });
}

function tagsOf({ body }: { readonly body: DraftMap }): Record<string, string> {
  const tags = body['tags'];
  const isMap = typeof tags === 'object' && tags !== null && !(tags instanceof Array);
  return Object.fromEntries(
    Object.entries(isMap ? tags : {}).flatMap(([name, value]) =>
      value === null ? [] : [[name, String(value)]],
    ),
  );
}

/** Files by their content, described assets by their description; each asset is hashed once. */
function hashing(abortSignal: AbortSignal): (asset: LocalAsset) => Promise<string> {
  const known = new Map<LocalAsset, Promise<string>>();
  const hashAsset = async (asset: LocalAsset): Promise<string> => {
    if (asset.kind === 'version') {
      const { name = null, version = null, content } = asset;
      const files = content ? await hashLocal(content) : null;
      return hashOf({ name, version, files, body: await wordsOf(asset.body, hashLocal) });
    }
    const files = await digestFiles(asset.path, { abortSignal });
    return hashOf(files.map(({ path, sha256 }): Json => ({ path, sha256 })));
  };
  const hashLocal = (asset: LocalAsset): Promise<string> => {
    const hash = known.get(asset) ?? hashAsset(asset);
    known.set(asset, hash);
    return hash;
  };
  return hashLocal;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => (pending ??= work());
}
