import type { Json } from '../../server/bodies.ts';
import type { Stamps } from '../../server/stamps.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { AuthMode, EndpointKeys } from '../onlineEndpoints/documents.ts';

type State = 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';

interface StoredResource extends Stamps {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly sku?: Json;
  readonly identity?: Json;
  /** Names and values of the user's own. */
  readonly properties: Readonly<Record<string, string>>;
  readonly provisioningState: State;
  /** Status address of the last operation; Azure shows it in the resource's properties. */
  readonly operationUri?: string;
}

export interface StoredEndpoint extends StoredResource {
  readonly authMode: AuthMode;
  readonly description?: string;
  /** The deployment that is meant when a caller names none. */
  readonly defaultDeployment?: string;
  readonly keys: EndpointKeys;
}

export interface StoredDeployment extends StoredResource {
  readonly endpoint: string;
  /** `properties` as they were sent, with defaults filled in. */
  readonly definition: Json;
  /** The step that scores, ready to be run; only of deployments of a model, once they were provisioned. */
  readonly step?: ScoringStep;
}

/** What every job of a model deployment is made of. */
export interface ScoringStep {
  readonly componentId: string;
  /** Address of the model, which is brought to the job. */
  readonly model?: { readonly uri: string; readonly type: string };
}

export interface BatchDocuments {
  readonly endpoints: Collection<StoredEndpoint>;
  /** Keys are `<endpoint>/<deployment>`. */
  readonly deployments: Collection<StoredDeployment>;
}

export function batchDocuments(store: Store): BatchDocuments {
  return {
    endpoints: store.collection<StoredEndpoint>('batchEndpoints'),
    deployments: store.collection<StoredDeployment>('batchDeployments'),
  };
}

export function batchDeploymentsOf(documents: BatchDocuments, endpoint: string): StoredDeployment[] {
  return [...documents.deployments.list({ prefix: `${endpoint}/` })].map(([, deployment]) => deployment);
}
