import type { ContainerClient } from '@azure/storage-blob';
import { Problem } from '../../problem/index.ts';
import { problemFromError } from '../connect/failure.ts';
import type { Datastores } from './datastores.ts';

/** A place in a datastore: `azureml://datastores/<datastore>/paths/<path>`. */
export interface BlobPlace {
  readonly datastore: string;
  /** Without a leading slash; '' is the container's root. */
  readonly path: string;
}

export interface BlobFile {
  /** Relative to the place that was listed, with forward slashes; the file's own name when the place is the file. */
  readonly path: string;
  readonly sizeInBytes: number;
  readonly place: BlobPlace;
  /** Names the bytes as they are now; another one after every change. */
  readonly etag: string;
}

/** Some of a file's bytes, as they were when it was listed. */
export interface BlobPart extends Pick<BlobFile, 'place' | 'etag'> {
  readonly offsetInBytes: number;
}

export interface BlobOptions {
  readonly abortSignal?: AbortSignal;
}

/** Reads and writes blobs by their `azureml://` address. */
export interface Blobs {
  read(place: BlobPlace, options?: BlobOptions): Promise<Buffer | undefined>;
  write(place: BlobPlace, content: Buffer, contentType: string, options?: BlobOptions): Promise<void>;
  /** The file at the place, or every file below it. */
  list(place: BlobPlace, options?: BlobOptions): AsyncIterable<BlobFile>;
  /** A file's bytes as they come. */
  stream(place: BlobPlace, options?: BlobOptions): AsyncIterable<Uint8Array>;
  /** Fills a buffer from an offset on; a file that changed since it was listed is a Problem. */
  fill(buffer: Buffer, part: BlobPart, options?: BlobOptions): Promise<void>;
}

/** Short and long `azureml://` datastore addresses, and job outputs written in them; undefined for any other address. */
export function parsePlace(uri: string): BlobPlace | undefined {
  const found =
    /^azureml:\/\/(?:subscriptions\/[^/]+\/resource[gG]roups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/[^/]+\/)?datastores\/([^/]+)\/(?:paths\/)?(.*)$/.exec(
      uri,
    );
  if (!found) return undefined;
  return { datastore: found[1]!, path: found[2]!.replace(/\/+$/, '') };
}

export function placeUri(place: BlobPlace): string {
  return `azureml://datastores/${place.datastore}/paths/${place.path}`;
}

/** `open` gives the container of a datastore. */
export function createBlobs(datastores: Pick<Datastores, 'open'>): Blobs {
  const container = (place: BlobPlace, options?: BlobOptions): Promise<ContainerClient> =>
    datastores.open(place.datastore, options);
  return {
    async read(place, options) {
      try {
        return await (
          await container(place, options)
        )
          .getBlobClient(place.path)
          .downloadToBuffer(0, undefined, options);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw storageProblem(`Reading ${placeUri(place)}`, error, options?.abortSignal);
      }
    },
    async write(place, content, contentType, options) {
      try {
        const blob = (await container(place, options)).getBlockBlobClient(place.path);
        await blob.uploadData(content, { blobHTTPHeaders: { blobContentType: contentType }, ...options });
      } catch (error) {
        throw storageProblem(`Writing ${placeUri(place)}`, error, options?.abortSignal);
      }
    },
    async *list(place, options) {
      try {
        for await (const item of (await container(place, options)).listBlobsFlat({
          prefix: place.path,
          includeMetadata: true,
          ...options,
        })) {
          const isFolder = item.metadata?.['hdi_isfolder'] === 'true';
          const path = relativePath(place.path, item.name);
          if (!isFolder && path !== undefined) {
            yield {
              path,
              sizeInBytes: item.properties.contentLength ?? 0,
              place: { ...place, path: item.name },
              etag: item.properties.etag,
            };
          }
        }
      } catch (error) {
        throw storageProblem(`Listing ${placeUri(place)}`, error, options?.abortSignal);
      }
    },
    async *stream(place, options) {
      try {
        const blob = (await container(place, options)).getBlobClient(place.path);
        // A dropped connection is taken up again where it broke.
        const answer = await blob.download(0, undefined, { maxRetryRequests: 5, ...options });
        for await (const chunk of answer.readableStreamBody ?? []) yield Buffer.from(chunk);
      } catch (error) {
        throw storageProblem(`Reading ${placeUri(place)}`, error, options?.abortSignal);
      }
    },
    async fill(buffer, { place, etag, offsetInBytes }, options) {
      if (buffer.length === 0) return;
      try {
        const blob = (await container(place, options)).getBlobClient(place.path);
        await blob.downloadToBuffer(buffer, offsetInBytes, buffer.length, {
          conditions: { ifMatch: etag },
          blockSize: buffer.length,
          maxRetryRequestsPerBlock: 5,
          ...options,
        });
      } catch (error) {
        if (statusOf(error) === 412 || statusOf(error) === 404) throw changedMeanwhile(place, error);
        throw storageProblem(`Reading ${placeUri(place)}`, error, options?.abortSignal);
      }
    },
  };
}

/** A prefix also matches its neighbours ("model" and "model-2"), which are not below it. */
function relativePath(prefix: string, name: string): string | undefined {
  if (prefix === '') return name;
  if (name === prefix) return name.slice(name.lastIndexOf('/') + 1);
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : undefined;
}

function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
}

function changedMeanwhile(place: BlobPlace, cause: unknown): Problem {
  return new Problem({
    code: 'storage',
    message: `${placeUri(place)} was changed or deleted while it was being read.`,
    next: 'Run the step again when nothing writes there.',
    cause,
  });
}

/** Storage has its own rights and its own firewall, so its failures are told apart from the workspace's. */
function storageProblem(what: string, error: unknown, abortSignal?: AbortSignal): Error {
  const problem = problemFromError(what, error, abortSignal ?? new AbortController().signal);
  if (!(problem instanceof Problem) || problem.code === 'cancelled') return problem;
  return new Problem({
    code: 'storage',
    message: problem.message,
    ...(problem.reply && { reply: problem.reply }),
    next: "Check that the agent reaches the workspace's storage account (firewall, private endpoint) and that the identity may use it (Storage Blob Data Contributor).",
    cause: error,
  });
}
