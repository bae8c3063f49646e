import type { WorkspaceContext } from '../../context.ts';
import type { Delivery, EventSubscription } from './subscription.ts';
import { inSchema } from './envelope.ts';

export type DeadLetterReason =
  'MaxDeliveryAttemptsExceeded' | 'TimeToLiveExceeded' | 'UndeliverableDueToHttpResponse';

/** Puts an event that could not be delivered into the subscription's container, by subscription and hour as Event Grid does. */
export async function deadLetter(
  { subscription, container }: { readonly subscription: EventSubscription; readonly container: string },
  delivery: Delivery,
  reason: DeadLetterReason,
  { storage, storageReady }: WorkspaceContext,
  topic: string,
): Promise<void> {
  await storageReady;
  const event = inSchema(subscription.schema, delivery.event, topic);
  const facts: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['deadLetterReason', reason],
    ['deliveryAttempts', delivery.attempts],
    ['lastDeliveryOutcome', delivery.lastOutcome],
    ['publishTime', delivery.publishedAt],
    ['lastDeliveryAttemptTime', delivery.lastAttemptAt],
  ];
  // CloudEvents allows attributes of small letters only.
  const isCloud = subscription.schema === 'CloudEventSchemaV1_0';
  const told = Object.fromEntries(facts.map(([name, value]) => [isCloud ? name.toLowerCase() : name, value]));
  const at = delivery.lastAttemptAt ?? delivery.publishedAt;
  const [year, month, day, hour] = at.split(/[-T:]/).map(Number);
  const path = `${subscription.name.toUpperCase()}/${year}/${month}/${day}/${hour}/${delivery.event.id}.json`;
  await storage.upload(container, path, JSON.stringify([{ ...event, ...told }]));
}
