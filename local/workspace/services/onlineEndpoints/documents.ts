import type { Json } from '../../server/bodies.ts';
import type { Stamps } from '../../server/stamps.ts';
import type { Collection, Store } from '../../store/store.ts';

type EndpointState = 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed' | 'Canceled';
export type DeploymentState = EndpointState | 'Scaling';
export type AuthMode = 'Key' | 'AMLToken' | 'AADToken';

/** What tracked resources have in common. */
interface StoredResource extends Stamps {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly identity?: Json;
  /** Status address of the last operation; Azure shows it in the resource's properties. */
  readonly operationUri?: string;
}

export interface StoredEndpoint extends StoredResource {
  readonly authMode: AuthMode;
  readonly description?: string;
  /** ARM id of a Kubernetes compute; absent for managed endpoints. */
  readonly compute?: string;
  readonly publicNetworkAccess: 'Enabled' | 'Disabled';
  readonly properties: Readonly<Record<string, string>>;
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirrorTraffic: Readonly<Record<string, number>>;
  readonly provisioningState: EndpointState;
  readonly keys: EndpointKeys;
}

export interface EndpointKeys {
  readonly primary: string;
  readonly secondary: string;
}

/** A version of a deployment's definition with the folder its files and logs are in. */
export interface StoredRevision {
  readonly id: string;
  /** `properties` as they were sent, with defaults filled in. */
  readonly properties: Json;
  readonly capacity: number;
}

export interface StoredDeployment extends StoredResource {
  readonly endpoint: string;
  readonly sku: Json;
  /** Names and values of the user's own. */
  readonly properties: Readonly<Record<string, string>>;
  readonly provisioningState: DeploymentState;
  /** What was asked for last. */
  readonly wanted: StoredRevision;
  /** What answers requests; absent until the first revision got ready. */
  readonly serving?: StoredRevision;
}

export interface OnlineDocuments {
  readonly endpoints: Collection<StoredEndpoint>;
  /** Keys are `<endpoint>/<deployment>`. */
  readonly deployments: Collection<StoredDeployment>;
}

export function onlineDocuments(store: Store): OnlineDocuments {
  return {
    endpoints: store.collection<StoredEndpoint>('onlineEndpoints'),
    deployments: store.collection<StoredDeployment>('onlineDeployments'),
  };
}

export function deploymentKey(endpoint: string, deployment: string): string {
  return `${endpoint}/${deployment}`;
}

export function deploymentsOf(documents: OnlineDocuments, endpoint: string): StoredDeployment[] {
  return [...documents.deployments.list({ prefix: `${endpoint}/` })].map(([, deployment]) => deployment);
}

/** Whether an operation on the resource has not ended yet. */
export function isBusy(state: DeploymentState): boolean {
  return state === 'Creating' || state === 'Updating' || state === 'Scaling' || state === 'Deleting';
}
