import type { ContainerClient } from '@azure/storage-blob';
import { Problem } from '../../problem/index.ts';
import type { Arm, RequestOptions } from '../connect/arm.ts';
import { record, text } from '../connect/parse.ts';
import { createBlobs, type BlobPlace, type Blobs } from './blobs.ts';
import type { Datastores } from './datastores.ts';
import { createModels, type Models, type ModelVersion } from './models.ts';

/** Some of a registry's own storage, with a signature for it. */
export interface RegistryStorage {
  /** Address of the folder, without the signature. */
  readonly uri: string;
  /** The same folder, to be read with `blobs`. */
  readonly place: BlobPlace;
  readonly blobs: Blobs;
  readonly container: ContainerClient;
}

/** A registry of models, which workspaces share. */
export interface Registry {
  readonly name: string;
  /** Its ARM id. */
  readonly id: string;
  readonly models: Models;
  /** Where the files of a version are. */
  filesOf(model: ModelVersion, options?: RequestOptions): Promise<RegistryStorage>;
  /** Room for the files of a version that is going to be created. */
  roomFor(name: string, version: string, options?: RequestOptions): Promise<RegistryStorage>;
}

/** `id` is the registry's ARM id. */
export function createRegistry(
  arm: Arm,
  id: string,
  { openSigned }: Pick<Datastores, 'openSigned'>,
): Registry {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const ask = async (
    what: string,
    path: string,
    body: object,
    options?: RequestOptions,
  ): Promise<RegistryStorage> => {
    const answer = await arm.send(what, 'POST', `${id}/${path}`, body, options);
    return storageIn(what, name, answer.body, openSigned);
  };
  const versionPath = (model: string, version: string): string =>
    `${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}`;
  return {
    name,
    id,
    models: createModels(arm, id),
    filesOf(model, options) {
      const path = `datareferences/${versionPath(model.name, model.version)}`;
      const assetId = `azureml://registries/${name}/models/${model.name}/versions/${model.version}`;
      const what = `Opening the files of ${assetId}`;
      return ask(what, path, { assetId, blobUri: model.modelUri }, options);
    },
    roomFor(model, version, options) {
      const path = `models/${versionPath(model, version)}/startPendingUpload`;
      const what = `Making room for '${model}:${version}' in registry '${name}'`;
      return ask(what, path, { pendingUploadType: 'TemporaryBlobReference' }, options);
    },
  };
}

/** The signature opens a container; the address says where in it. */
function storageIn(
  what: string,
  registry: string,
  body: unknown,
  openSigned: Datastores['openSigned'],
): RegistryStorage {
  const reference = record(record(body)['blobReferenceForConsumption']);
  const sasUri = text(record(reference['credential'])['sasUri']);
  const uri = text(reference['blobUri'])?.replace(/\/+$/, '');
  if (!sasUri || !uri) throw unsigned(what);
  const container = openSigned(containerOf(sasUri));
  const [, path = ''] = /^\/[^/]+\/?(.*)$/.exec(decodeURIComponent(new URL(uri).pathname)) ?? [];
  const blobs = createBlobs({ open: () => Promise.resolve(container) });
  return { uri, place: { datastore: `registry ${registry}`, path }, blobs, container };
}

/** The first part of an address of the blob service is its container; the signature stays. */
function containerOf(sasUri: string): string {
  const url = new URL(sasUri);
  url.pathname = url.pathname.split('/').slice(0, 2).join('/');
  return url.href;
}

function unsigned(what: string): Problem {
  return new Problem({
    code: 'service',
    message: `${what} ended without a signed address.`,
    next: "Check that the identity may read the registry's storage (role AzureML Registry User).",
  });
}
