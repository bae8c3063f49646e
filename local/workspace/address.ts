import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, WorkspaceIdentity } from './context.ts';
import type { Principal } from './services/signin/principals.ts';
import { trustIssuerIn } from './services/signin/trust.ts';

/** How a running embedded workspace is reached; everything a service connection or a client needs. */
export interface WorkspaceAddress {
  readonly apiUrl: string;
  readonly blobUrl: string;
  /** Storage under the name that Azure's clients build; without a resolver that knows names below `localhost`, through the proxy. */
  readonly accountUrl: string;
  /** A proxy for `HTTPS_PROXY` that knows those names. */
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspaceName: string;
  readonly location: string;
  /** A service principal this workspace trusts, for sign-in with a secret. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** A service principal that may only read: writes are answered 403. */
  readonly reader: { readonly clientId: string; readonly clientSecret: string };
  /** Sign-in in App Service's form: the values of IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly managedIdentity: { readonly endpoint: string; readonly header: string };
  /** Bearer token of the endpoints below `/admin`: clock and faults. */
  readonly adminToken: string;
  readonly processId: number;
}

export interface WorkspaceOptions {
  /** Folder that survives; created when missing. */
  readonly dataFolder: string;
  /** 0 or undefined: any free port, kept in the data folder for the next start. */
  readonly port?: number;
  /** Virtual environments; default: the user's cache folder. */
  readonly environmentsFolder?: string;
  /** Issuers whose OIDC tokens are accepted as client assertions (workload identity federation). */
  readonly trustedIssuers?: readonly string[];
  /** How long an access token is good for; default: an hour. */
  readonly tokenLifetimeInSeconds?: number;
  /** Further principals, beside those of `principals.json` in the data folder. */
  readonly principals?: readonly Principal[];
  /** Names and ids other than those the data folder chose at its first start. */
  readonly identity?: Partial<WorkspaceIdentity>;
  /** The time services go by; default: the machine's. */
  readonly clock?: Clock;
  /** Faults to start with: a YAML or JSON file, see docs/faults.md. */
  readonly faultFile?: string;
  /** Where the workspace's own log lines go; default: `workspace.log` in the data folder. */
  readonly log?: (line: string) => void;
}

export interface RunningWorkspace {
  readonly address: WorkspaceAddress;
  /** Resolves when blob storage answers; the control plane answers before. */
  readonly storageReady: Promise<void>;
  /** When the last request came in, by the machine's time; now, while a job runs. */
  lastUsed(): Date;
  /** Stops jobs, endpoints and storage; nothing is left running. */
  stop(): Promise<void>;
}

export const ADDRESS_FILE = 'address.json';
export const PRINCIPALS_FILE = 'principals.json';

/** The address of the workspace that runs on this data folder, or undefined when none does. */
export async function readAddress(dataFolder: string): Promise<WorkspaceAddress | undefined> {
  const text = await readFile(path.join(dataFolder, ADDRESS_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Written whole by the workspace itself.
  const address = JSON.parse(text) as WorkspaceAddress;
  return isAlive(address.processId) ? address : undefined;
}

/** Lets tokens of an OIDC issuer sign in to the workspace on this data folder, also while it runs. */
export async function trustIssuer(dataFolder: string, issuer: string): Promise<void> {
  await trustIssuerIn(path.join(dataFolder, PRINCIPALS_FILE), issuer);
}

/** Whether a process with this id exists. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of another user is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
