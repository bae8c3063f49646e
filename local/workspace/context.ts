import type { Hono } from 'hono';
import type { Faults } from './faults/faults.ts';
import type { AddedWorkspace } from './served/added.ts';
import type { Tokens } from './services/signin/jobTokens.ts';
import type { Principals } from './services/signin/principals.ts';
import type { Store } from './store/store.ts';

/** Who this workspace is. Ids are echoed in every ARM id with exactly this casing. */
export interface WorkspaceIdentity {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspaceName: string;
  /** The guid Azure calls workspaceId. */
  readonly workspaceId: string;
  readonly location: string;
}

/** Absolute URLs without a trailing slash. */
export interface WorkspaceUrls {
  /** One HTTPS origin for ARM, sign-in, run history, MLflow and scoring: `https://localhost:<port>`. */
  readonly api: string;
  /** Where addresses of this workspace begin that do not hold its name otherwise, such as those of endpoints. */
  readonly own: string;
  /** Azurite's blob service with the account in its path: `https://localhost:<port>/<account>`. */
  readonly blob: string;
  /** The same service under the name that clients build from account and storage suffix: `https://<account>.blob.core.localhost:<port>`. */
  readonly account: string;
  /** What clients put behind `<account>.blob.`: `core.localhost:<port>`. */
  readonly storageSuffix: string;
  /** The proxy under which that name is found without a resolver that knows it: `http://127.0.0.1:<port>`. */
  readonly proxy: string;
}

/** Absolute folders. All exist when a service is started. */
export interface WorkspaceFolders {
  /** Everything that must survive a restart. */
  readonly data: string;
  /** One folder per job: code, inputs, outputs, logs. */
  readonly jobs: string;
  /** One folder per deployment: code, model, logs. */
  readonly deployments: string;
  /** Virtual environments, shared by all workspaces of this user. */
  readonly environments: string;
}

export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Time comes in, so that tests can move it. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Where a clock stands, and how far that is from the machine's time. */
export interface ClockState {
  readonly now: Date;
  readonly aheadInMs: number;
  readonly frozen: boolean;
}

/**
 * The workspace's clock, which an operator or a test can move; whoever sleeps by it wakes when its time has come. A sleep
 * does not grow longer when the clock is turned back: its end moves back, too.
 */
export interface MovableClock extends Clock {
  state(): ClockState;
  /** Aborted when the clock is next turned back: whoever waits for a moment, and not for a span, looks again. */
  turnedBack(): AbortSignal;
  /** `machine` goes back to the machine's time. Kept over restarts. */
  move(change: { readonly to?: Date | 'machine'; readonly frozen?: boolean }): ClockState;
}

/** How sign-in behaves. */
interface SignInSettings {
  /** Issuers whose OIDC tokens stand for any principal's secret. */
  readonly trustedIssuers: readonly string[];
  readonly tokenLifetimeInSeconds: number;
}

/** The blob service behind the workspace's datastores. Paths have no leading slash. */
export interface BlobStorage {
  readonly accountName: string;
  readonly accountKey: string;
  /** Container of `workspaceblobstore` (LocalUpload, evidence, data). */
  readonly blobContainer: string;
  /** Container of `workspaceartifactstore` (ExperimentRun/dcid.<run>/...). */
  readonly artifactContainer: string;
  url(container: string, path?: string): string;
  /** A URL with a SAS query for one blob, or for the container when no path is given. `permissions` as in Azure: racwdl. */
  sasUrl(container: string, path: string | undefined, permissions: string, lifetimeInSeconds: number): string;
  createContainer(name: string): Promise<void>;
  /** With everything in it. */
  deleteContainer(name: string): Promise<void>;
  /** Copies one blob, or everything below a path, to another place of this storage. Returns the number of blobs. */
  copy(container: string, path: string, to: { container: string; path: string }): Promise<number>;
  /** Resolves when every blob that was acknowledged before would survive a kill of the storage process. */
  flush(): Promise<void>;
  /** Called whenever storage is back after it was killed: what was not flushed by then is gone. */
  onLoss(listener: () => void): void;
  exists(container: string, path: string): Promise<boolean>;
  /** Size in bytes, or undefined when there is no such blob. */
  size(container: string, path: string): Promise<number | undefined>;
  list(container: string, prefix: string): AsyncIterable<{ path: string; size: number }>;
  upload(container: string, path: string, content: Uint8Array | string): Promise<void>;
  uploadFile(container: string, path: string, file: string): Promise<void>;
  /** Uploads a folder's files below a prefix. */
  uploadFolder(container: string, prefix: string, folder: string): Promise<void>;
  /** With `position`, only when the blob ends there: false when it does not. */
  append(container: string, path: string, content: Uint8Array, position?: number): Promise<boolean>;
  download(container: string, path: string): Promise<Buffer>;
  /** Downloads every blob below a prefix into a folder; nothing is written outside it. Returns the number of files. */
  downloadPrefix(container: string, prefix: string, folder: string): Promise<number>;
  downloadFile(container: string, path: string, file: string): Promise<void>;
}

/** One kind of long-running work, done from data alone, so that a later life of the workspace can do it too. */
export interface OperationTask<T> {
  /** Unique among all tasks; kept with every operation that has not ended. */
  readonly name: string;
  /** How names of its operations begin, as Azure's do: `oe`, `od`. */
  readonly kind: string;
  /** Whatever of it is done already must do no harm. `again`: an earlier life began it. What it throws is the operation's error. */
  work(data: T, again: boolean): Promise<void>;
}

/** Starts an operation at once and returns its status URL; what `alongside` puts into the store is kept with it, or neither is. */
export type BeginOperation<T> = (data: T, alongside?: (statusUrl: string) => void) => Promise<string>;

/** Long-running operations, as ARM has them: a status URL that ends in Succeeded, Failed or Canceled. Both survive a kill. */
export interface Operations {
  /** To be called by a service before the workspace listens. */
  task<T>(task: OperationTask<T>): BeginOperation<T>;
  /** Goes on with what an earlier life did not end. */
  carryOn(): void;
}

/** Who sent a request: a principal, or a job with a token for its own run. */
export interface Caller {
  /** Object id of the principal the token was issued to. */
  readonly subject: string;
  readonly audience: string;
  /** Present on a job's token. */
  readonly runId?: string;
  /** For `createdBy` and messages. */
  readonly name: string;
}

/** Hono's type parameter for this workspace's routes: `context.get('caller')` is set on every authenticated request. */
export interface WorkspaceEnv {
  Variables: { caller: Caller; requestId: string };
}

/** One emulated service: its routes, and the life it leads beside them. */
export interface WorkspaceService {
  readonly name: string;
  routes(context: WorkspaceContext): Hono<WorkspaceEnv>;
  /** The service checks its callers itself (sign-in, scoring keys): no token of this workspace is asked for. */
  readonly ownSignIn?: boolean;
  /** It serves the process as a whole, by the workspace that was made at start; others have it not. */
  readonly once?: boolean;
  /** What an operator or a test may look at and decide, below `/admin`; the admin token is asked for. */
  adminRoutes?(context: WorkspaceContext): Hono<WorkspaceEnv>;
  /** Before the server listens: brings kept state in order. A failure stops the start. */
  prepare?(context: WorkspaceContext): Promise<void>;
  /** After the server listens; a failure is logged and does not stop the workspace. */
  start?(context: WorkspaceContext): Promise<void>;
  /** Whether something runs that must not be taken for idleness, such as a job. */
  isBusy?(context: WorkspaceContext): boolean;
  /** Ends what the service started; called once, before storage and store close. */
  stop?(context: WorkspaceContext): Promise<void>;
}

/** What every service of the embedded workspace is given. */
export interface WorkspaceContext {
  readonly identity: WorkspaceIdentity;
  readonly urls: WorkspaceUrls;
  readonly folders: WorkspaceFolders;
  readonly tls: TlsFiles;
  readonly store: Store;
  readonly storage: BlobStorage;
  readonly tokens: Tokens;
  /** Service principals that may sign in, with their rights. */
  readonly principals: Principals;
  readonly signIn: SignInSettings;
  readonly operations: Operations;
  /** All workspaces of this process. */
  readonly served: ServedWorkspaces;
  /** What happens by the services' time: tokens, provisioning, schedules. Processes and their timeouts keep the machine's. */
  readonly clock: MovableClock;
  /** Faults that were asked for. */
  readonly faults: Faults;
  /** What the admin endpoints ask for; only the user of this machine knows it. */
  readonly adminToken: string;
  /** When the workspace was made, that is its data folder, as ISO time. */
  readonly createdAt: string;
  /** Resolves when blob storage answers; control-plane requests that need blobs await it. */
  readonly storageReady: Promise<void>;
  /** One line for the workspace's own log. */
  log(line: string): void;
}

/** The workspaces of one process; they share its storage account, principals, clock, faults and registries. */
export interface ServedWorkspaces {
  /** The one made at start. */
  readonly first: WorkspaceContext;
  /** The first, then the others in the order of their names. */
  all(): readonly WorkspaceContext[];
  /** By name, whatever the case. */
  named(name: string): WorkspaceContext | undefined;
  withId(workspaceId: string): WorkspaceContext | undefined;
  /** Opens a workspace and starts what it does beside answering; one that is open stays as it is. */
  open(added: AddedWorkspace): Promise<WorkspaceContext>;
  /** From now on its requests are answered as those of a workspace that is not there. */
  forget(workspaceId: string): void;
  /** Ends its jobs and endpoints, and deletes everything it had. Does no harm when that was begun already. */
  remove(added: AddedWorkspace): Promise<void>;
}

/** `/subscriptions/.../workspaces/<name>`, the prefix of every ARM id and data-plane path. */
export function workspaceId(identity: WorkspaceIdentity): string {
  return (
    `/subscriptions/${identity.subscriptionId}/resourceGroups/${identity.resourceGroup}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${identity.workspaceName}`
  );
}
