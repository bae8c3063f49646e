import type { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { Azurite } from './azurite.ts';

type Sdk = typeof import('@azure/storage-blob');

/** Storage that died is back within a second or two: the first tries come soon. */
const RETRIES = { maxTries: 8, retryDelayInMs: 250, maxRetryDelayInMs: 4000 };

/** The account of a workspace, and how it is reached. */
export interface BlobAccount {
  readonly accountName: string;
  readonly accountKey: string;
  readonly blobContainer: string;
  readonly artifactContainer: string;
  /** The service with the account in its path. */
  readonly blobUrl: string;
  readonly caFile: string;
  readonly now: () => Date;
  /** How `user-agent` begins on our own requests. */
  readonly ownAgent: string;
  /** The service itself: what it has can be written down, and may be lost. */
  readonly service: Pick<Azurite, 'flush' | 'onLoss'>;
}

/** The SDK, once it is loaded, with what it needs to sign. */
export interface Connection {
  readonly sdk: Sdk;
  readonly service: BlobServiceClient;
  readonly credential: StorageSharedKeyCredential;
}

/** Loads the SDK and makes its client; nothing is sent yet. */
export async function openConnection(
  account: BlobAccount,
  agent: { current: https.Agent | undefined },
): Promise<Connection> {
  const [sdk, ca] = await Promise.all([import('@azure/storage-blob'), readFile(account.caFile, 'utf8')]);
  agent.current = new https.Agent({ ca, keepAlive: true });
  const credential = new sdk.StorageSharedKeyCredential(account.accountName, account.accountKey);
  // Not in the SDK's type, but handed to its pipeline: trusts our authority, and never goes through a proxy.
  const options = {
    agent: agent.current,
    keepAliveOptions: { enable: true },
    retryOptions: RETRIES,
    userAgentOptions: { userAgentPrefix: account.ownAgent },
  };
  return { sdk, credential, service: new sdk.BlobServiceClient(account.blobUrl, credential, options) };
}
