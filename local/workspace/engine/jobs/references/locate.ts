import { Problem } from '../../../../../shared/problem/index.ts';
import type { BlobStorage } from '../../../context.ts';
import { outputUri } from '../outputs.ts';
import { artifactPath, type Records } from '../records/index.ts';
import { outputsOf } from '../specification.ts';
import type { Assets, StoredAsset } from './assets.ts';
import { type AssetKind, type AssetReference, parseReference } from './reference.ts';

/** Where bytes are: in this workspace's storage, or somewhere on the web. */
export type Location =
  | { readonly kind: 'blob'; readonly container: string; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export interface Places {
  readonly storage: BlobStorage;
  readonly assets: Assets;
  readonly records: Records;
}

/** Follows a URI to where its bytes are; what leads nowhere is named. */
export function locate(uri: string, places: Places, assumed?: AssetKind): Location {
  const reference = parseReference(uri, assumed);
  switch (reference.kind) {
    case 'datastore':
      return inDatastore(reference.datastore, reference.path, places);
    case 'job-output':
      return jobOutput(reference.job, reference.output, reference.path, places);
    case 'artifact':
      return artifact(reference.runId, reference.path, places);
    case 'local-upload':
      return {
        kind: 'blob',
        container: places.storage.artifactContainer,
        path: `LocalUpload/${reference.path}`,
      };
    case 'blob':
      return inAccount(reference.account, reference.container, reference.path, places);
    case 'url':
      return ofUrl(reference.url, places.storage);
    case 'asset':
      return locate(storedAsset(reference, places.assets).uri, places);
    case 'unknown':
      throw notFound(`The address '${uri}' is of no form that Azure ML knows.`);
  }
}

/** The registered version that is meant, or a problem that names it. */
export function storedAsset(reference: AssetReference, assets: Assets): StoredAsset {
  const found = assets.stored(reference);
  if (found) return found;
  const what = {
    data: 'data asset',
    models: 'model',
    codes: 'code',
    environments: 'environment',
    components: 'component',
  };
  throw notFound(`The ${what[reference.asset]} ${placeOf(reference)}.`);
}

export function nameOf({ name, version, label = 'latest' }: AssetReference): string {
  return version === undefined ? `${name}@${label}` : `${name}:${version}`;
}

/** For messages: what was looked for, and where. */
export function placeOf(reference: AssetReference): string {
  const { registry } = reference;
  const owner = registry === undefined ? 'the workspace' : `the registry '${registry}'`;
  return `'${nameOf(reference)}' was not found in ${owner}`;
}

function inDatastore(name: string, path: string, { assets, storage }: Places): Location {
  const datastore = assets.datastore(name);
  if (!datastore) throw notFound(`The datastore '${name}' was not found in the workspace.`);
  if (datastore.accountName === storage.accountName)
    return { kind: 'blob', container: datastore.containerName, path };
  throw outOfReach(
    `The datastore '${name}' lies in the storage account '${datastore.accountName}', which this machine does not hold`,
    'Copy the data into workspaceblobstore.',
  );
}

function inAccount(account: string, container: string, path: string, { storage }: Places): Location {
  if (account === storage.accountName) return { kind: 'blob', container, path };
  throw outOfReach(
    `The storage account '${account}' is not on this machine`,
    'Copy the data into workspaceblobstore.',
  );
}

function jobOutput(job: string, output: string, path: string, places: Places): Location {
  const uri = outputAddress(job, output, places);
  if (uri === undefined) throw notFound(`The job '${job}' has no output '${output}'.`);
  const base = locate(uri, places);
  if (path === '' || base.kind === 'url') return base;
  return { ...base, path: `${base.path.replace(/\/$/, '')}/${path}` };
}

/** What a sweep gives is what its best trial gave. */
function outputAddress(job: string, output: string, { records }: Places): string | undefined {
  const name = records.runs.get(job)?.properties['best_child_run_id'] ?? job;
  const document = records.jobs.get(name);
  if (!document) throw notFound(`The job '${job}' was not found in the workspace.`);
  const found = outputsOf(document.properties['outputs'])[output];
  return found && outputUri(name, output, found);
}

function artifact(runId: string, path: string, { records, storage }: Places): Location {
  if (!records.runs.get(runId)) throw notFound(`The run '${runId}' was not found in the workspace.`);
  return { kind: 'blob', container: storage.artifactContainer, path: artifactPath(runId, path) };
}

/** Our own storage is read directly: its addresses need a signature that an asset does not carry. The port may have changed since. */
function ofUrl(url: string, { accountName }: BlobStorage): Location {
  const { hostname, pathname } = new URL(url);
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  if (hostname.startsWith(`${accountName}.blob.`)) parts.unshift(accountName);
  else if (hostname !== 'localhost') return { kind: 'url', url };
  const [account, container, ...rest] = parts;
  return account === accountName && container
    ? { kind: 'blob', container, path: rest.join('/') }
    : { kind: 'url', url };
}

function notFound(message: string): Problem {
  return new Problem({ code: 'not-found', message, next: 'Check the name, the version and the workspace.' });
}

function outOfReach(what: string, next: string): Problem {
  return new Problem({ code: 'unsupported', message: `${what}.`, next });
}
