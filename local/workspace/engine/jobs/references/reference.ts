/** Assets that jobs refer to. */
export type AssetKind = 'data' | 'models' | 'environments' | 'codes' | 'components';

/** A version, or a label such as `latest`; with neither, the newest version is meant. */
export interface AssetReference {
  readonly kind: 'asset';
  /** The registry that has it; the workspace has it when there is none. */
  readonly registry?: string;
  readonly asset: AssetKind;
  readonly name: string;
  readonly version?: string;
  readonly label?: string;
}

/** Everything a URI of a job, a model or a data asset can point to. */
export type Reference =
  | AssetReference
  | { readonly kind: 'datastore'; readonly datastore: string; readonly path: string }
  | { readonly kind: 'job-output'; readonly job: string; readonly output: string; readonly path: string }
  | { readonly kind: 'artifact'; readonly runId: string; readonly path: string }
  | { readonly kind: 'local-upload'; readonly path: string }
  | { readonly kind: 'blob'; readonly account: string; readonly container: string; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'unknown'; readonly text: string };

type Reader = readonly [RegExp, (groups: Record<string, string>) => Reference];

const ASSETS = '(?<asset>data|models|environments|codes|components)';
const VERSION = '(?:/versions/(?<version>[^/]+)|/labels/(?<label>[^/]+))';

const READERS: readonly Reader[] = [
  [
    /^azureml:\/\/datastores\/(?<datastore>[^/]+)\/(?:paths\/)?(?<path>.*)$/i,
    (groups) => ({ kind: 'datastore', datastore: groups['datastore'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    /^azureml:\/\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/[^/]+\/datastores\/(?<datastore>[^/]+)\/(?:paths\/)?(?<path>.*)$/i,
    (groups) => ({ kind: 'datastore', datastore: groups['datastore'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    /^azureml:\/\/jobs\/(?<job>[^/]+)\/outputs\/(?:artifacts|default)(?:\/paths)?(?:\/(?<path>.*))?$/i,
    (groups) => ({ kind: 'artifact', runId: groups['job'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    /^azureml:\/\/jobs\/(?<job>[^/]+)\/outputs\/(?<output>[^/]+)(?:\/paths)?(?:\/(?<path>.*))?$/i,
    (groups) => ({
      kind: 'job-output',
      job: groups['job'] ?? '',
      output: groups['output'] ?? '',
      path: groups['path'] ?? '',
    }),
  ],
  [
    /^runs:\/+(?<run>[^/]+)\/(?<path>.*)$/i,
    (groups) => ({ kind: 'artifact', runId: groups['run'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    /^azureml:\/\/artifacts\/ExperimentRun\/dcid\.(?<run>[^/]+)\/(?<path>.*)$/i,
    (groups) => ({ kind: 'artifact', runId: groups['run'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    /^azureml:\/\/artifacts\/LocalUpload\/(?<path>.*)$/i,
    (groups) => ({ kind: 'local-upload', path: groups['path'] ?? '' }),
  ],
  [
    // MLflow's artifact address of a run: the source that mlflow.register_model sends.
    /^azureml:\/\/[^/]+\/mlflow\/.*\/runs\/(?<run>[^/]+)\/artifacts(?:\/(?<path>.*))?$/i,
    (groups) => ({ kind: 'artifact', runId: groups['run'] ?? '', path: groups['path'] ?? '' }),
  ],
  [
    new RegExp(
      `^(?:azureml:)?azureml://registries/(?<registry>[^/]+)/${ASSETS}/(?<name>[^/]+)(?:${VERSION})?$`,
      'i',
    ),
    assetOf,
  ],
  [
    new RegExp(`^azureml://locations/[^/]+/workspaces/[^/]+/${ASSETS}/(?<name>[^/]+)${VERSION}$`, 'i'),
    assetOf,
  ],
  [
    new RegExp(
      `^(?:azureml:)?/subscriptions/.+/(?:workspaces/[^/]+|registries/(?<registry>[^/]+))/${ASSETS}/(?<name>[^/]+)${VERSION}$`,
      'i',
    ),
    assetOf,
  ],
  [
    /^wasbs?:\/\/(?<container>[^@]+)@(?<account>[^./]+)\.[^/]+\/(?<path>.*)$/i,
    (groups) => ({
      kind: 'blob',
      account: groups['account'] ?? '',
      container: groups['container'] ?? '',
      path: groups['path'] ?? '',
    }),
  ],
  [/^(?<url>https?:\/\/.+)$/i, (groups) => ({ kind: 'url', url: groups['url'] ?? '' })],
];

/** Reads any URI form that Azure ML knows; `assumed` says what `azureml:name:version` stands for. */
export function parseReference(text: string, assumed?: AssetKind): Reference {
  for (const [pattern, read] of READERS) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return read(groups);
  }
  const short = /^(?:azureml:)?(?<name>[^:@/\s]+)(?::(?<version>[^:@/\s]+)|@(?<label>[^:@/\s]+))$/.exec(
    text,
  )?.groups;
  if (short && assumed) return assetOf({ ...short, asset: assumed });
  return { kind: 'unknown', text };
}

function assetOf(groups: Record<string, string | undefined>): AssetReference {
  const { name = '', registry, version, label } = groups;
  return {
    kind: 'asset',
    ...(registry === undefined ? {} : { registry }),
    asset: assetKind(groups),
    name,
    ...(version === undefined ? {} : { version }),
    ...(label === undefined ? {} : { label }),
  };
}

function assetKind(groups: Record<string, string | undefined>): AssetKind {
  switch (groups['asset']?.toLowerCase()) {
    case 'models':
      return 'models';
    case 'environments':
      return 'environments';
    case 'codes':
      return 'codes';
    case 'components':
      return 'components';
    default:
      return 'data';
  }
}
