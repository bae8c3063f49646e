import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  type Pipeline,
  StorageSharedKeyCredential,
  type RequestPolicyFactory,
} from '@azure/storage-blob';
import type { TokenCredential } from '@azure/core-auth';
import { Problem } from '../../problem/index.ts';
import type { Arm, RequestOptions } from '../connect/arm.ts';
import { record, text } from '../connect/parse.ts';
import type { Transport } from '../connect/transport.ts';

/** Opens the blob containers behind a workspace's datastores. */
export interface Datastores {
  /** The container of a blob datastore, signed in by the datastore's own key or SAS, else by the task's identity. */
  open(name: string, options?: RequestOptions): Promise<ContainerClient>;
  /** A container by an address that carries its own signature. */
  openSigned(sasUri: string): ContainerClient;
}

/** What opening a container needs: who asks, and by which way out. */
export interface StorageAccess {
  readonly credential: TokenCredential;
  readonly transport: Transport;
  readonly userAgent: string;
}

type StorageCredential = StorageSharedKeyCredential | AnonymousCredential | TokenCredential;

interface BlobDatastore {
  readonly accountName: string;
  readonly url: string;
}

export function createDatastores(arm: Arm, workspaceId: string, access: StorageAccess): Datastores {
  const container = (url: string, credential: StorageCredential): ContainerClient =>
    new ContainerClient(url, storagePipeline(credential, access));
  const opened = new Map<string, Promise<ContainerClient>>();
  const path = (name: string): string => `${workspaceId}/datastores/${encodeURIComponent(name)}`;
  const open = async (name: string, options?: RequestOptions): Promise<ContainerClient> => {
    const what = `Reading datastore '${name}'`;
    const datastore = parseDatastore(
      name,
      (await arm.send(what, 'GET', path(name), undefined, options)).body,
    );
    const answer = await arm.send(
      `Reading the key of datastore '${name}'`,
      'POST',
      `${path(name)}/listSecrets`,
      {},
      { ...options, allow: [400, 404] },
    );
    return connect(datastore, record(answer.body));
  };
  const connect = (
    { accountName, url }: BlobDatastore,
    secrets: Readonly<Record<string, unknown>>,
  ): ContainerClient => {
    const key = text(secrets['key']);
    const sas = text(secrets['sasToken']);
    if (key) return container(url, new StorageSharedKeyCredential(accountName, key));
    if (sas) return container(`${url}?${sas.replace(/^\?/, '')}`, new AnonymousCredential());
    return container(url, access.credential);
  };
  return {
    openSigned: (sasUri) => container(sasUri, new AnonymousCredential()),
    open(name, options) {
      const container = opened.get(name) ?? open(name, options);
      opened.set(name, container);
      container.catch(() => opened.delete(name));
      return container;
    },
  };
}

/** Storage clients take no modern HTTP client, so the way out is put on each request by a policy. */
function storagePipeline(credential: StorageCredential, access: StorageAccess): Pipeline {
  const route: RequestPolicyFactory = {
    create: (next) => ({
      sendRequest(request) {
        const agent = access.transport.agentFor(request.url);
        if (agent) request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  };
  const pipeline = newPipeline(credential, {
    userAgentOptions: { userAgentPrefix: access.userAgent },
    // About 15 s in all: a storage out of reach is told while somebody still watches.
    retryOptions: { maxTries: 5, retryDelayInMs: 1000, maxRetryDelayInMs: 15_000 },
  });
  pipeline.factories.push(route);
  return pipeline;
}

function parseDatastore(name: string, body: unknown): BlobDatastore {
  const properties = record(record(body)['properties']);
  const accountName = text(properties['accountName']);
  const container = text(properties['containerName']) ?? text(properties['filesystem']);
  if (!accountName || !container) throw notBlobs(name, text(properties['datastoreType']));
  const protocol = text(properties['protocol']) ?? 'https';
  return {
    accountName,
    url: `${protocol}://${accountName}.blob.${text(properties['endpoint']) ?? 'core.windows.net'}/${container}`,
  };
}

function notBlobs(name: string, type: string | undefined): Problem {
  return new Problem({
    code: 'unsupported',
    message: `Datastore '${name}' is of type ${type ?? 'unknown'}; files are read from and written to blob datastores only.`,
    next: 'Use workspaceblobstore or another Azure Blob or Data Lake Gen2 datastore.',
  });
}
