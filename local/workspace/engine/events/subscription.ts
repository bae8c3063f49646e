import type { Stamps } from '../../server/stamps.ts';
import type { Store, Collection } from '../../store/store.ts';
import type { WorkspaceEvent } from './event.ts';
import type { EventFilter } from './filter.ts';

/** How events are written: Event Grid's own schema, or CloudEvents 1.0. */
export type EventSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** A header sent with every event: a value of its own, or a member of the event. */
export interface HeaderMapping {
  readonly name: string;
  readonly type: 'Static' | 'Dynamic';
  readonly value?: string;
  readonly isSecret?: boolean;
  readonly sourceField?: string;
}

export interface WebhookDestination {
  /** With its query, which may hold a secret. */
  readonly endpointUrl: string;
  /** The application a bearer token is issued for; without it none is sent. */
  readonly applicationId?: string;
  readonly tenantId?: string;
  readonly headers: readonly HeaderMapping[];
  readonly maxEventsPerBatch: number;
  readonly preferredBatchSizeInKilobytes: number;
}

/** An event subscription of the workspace, as it is kept. */
export interface EventSubscription extends Stamps {
  readonly name: string;
  readonly destination: WebhookDestination;
  readonly schema: EventSchema;
  readonly filter: EventFilter;
  readonly labels: readonly string[];
  readonly retry: { readonly maxDeliveryAttempts: number; readonly eventTimeToLiveInMinutes: number };
  /** Container of the workspace's own storage; without it, what cannot be delivered is dropped. */
  readonly deadLetterContainer?: string;
  /** ISO time after which nothing is delivered any more. */
  readonly expiresAt?: string;
  /** Until the endpoint has shown that it wants events, nothing is delivered. */
  readonly state: 'Succeeded' | 'AwaitingManualAction' | 'Failed';
  /** What the endpoint must send back or fetch; ISO time until when. */
  readonly validation: { readonly code: string; readonly until: string };
}

/** An event on its way to one subscription. Times as ISO. */
export interface Delivery {
  readonly subscription: string;
  readonly event: WorkspaceEvent;
  readonly attempts: number;
  readonly publishedAt: string;
  readonly dueAt: string;
  readonly lastAttemptAt?: string;
  readonly lastOutcome?: string;
}

/** By name in lower case: ARM compares names without case. */
export function subscriptionsIn(store: Store): Collection<EventSubscription> {
  return store.collection('eventSubscriptions');
}

export function deliveriesIn(store: Store): Collection<Delivery> {
  return store.collection('eventDeliveries');
}
