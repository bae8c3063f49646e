import { messageOf } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import { Slots } from '../jobs/slots.ts';
import { deadLetter, type DeadLetterReason } from './deadLetter.ts';
import { bodyOf, inSchema } from './envelope.ts';
import { valueOf } from './filter.ts';
import { outboxOf, type Outbox } from './outbox.ts';
import { sendTo } from './post.ts';
import { isHopeless, isTaken, outcomeOf, pauseAfter, type Attempt } from './retry.ts';
import { deliveriesIn, subscriptionsIn, type Delivery, type EventSubscription } from './subscription.ts';

const MOST_AT_ONCE = 20;

/** Brings events to their subscribers, at least once each and in no order; what is under way is in the store. */
export class Deliverer {
  readonly #context: WorkspaceContext;
  readonly #outbox: Outbox;
  readonly #stopping = new AbortController();
  readonly #active = new Map<string, Promise<void>>();
  readonly #slots = new Slots(MOST_AT_ONCE);

  constructor(context: WorkspaceContext) {
    this.#context = context;
    this.#outbox = outboxOf(context.store);
  }

  /** Goes on with what an earlier life had not delivered, and takes what is recorded from now on. */
  start(): void {
    this.#outbox.onWake((keys) => this.#begin(keys));
    this.#begin([...deliveriesIn(this.#context.store).list()].map(([key]) => key));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#active.values());
  }

  #begin(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.#active.has(key) || this.#stopping.signal.aborted) continue;
      const done = this.#deliver(key)
        .catch((error: unknown) => {
          if (!this.#stopping.signal.aborted) this.#context.log(`event: ${messageOf(error)}`);
        })
        .finally(() => this.#active.delete(key));
      this.#active.set(key, done);
    }
  }

  async #deliver(key: string): Promise<void> {
    const { store, clock, log } = this.#context;
    const { signal } = this.#stopping;
    const deliveries = deliveriesIn(store);
    for (let next = deliveries.get(key); next !== undefined; next = deliveries.get(key)) {
      await clock.sleep(pauseBefore(next, clock.now()), signal);
      signal.throwIfAborted();
      const subscription = subscriptionsIn(store).get(next.subscription);
      // A subscription that is gone, or was changed so that it waits again, has no use for old events.
      if (subscription?.state !== 'Succeeded') return deliveries.delete(key);
      const attempt = await this.#attempt(subscription, next);
      if (isTaken(attempt)) return deliveries.delete(key);
      const tried = { ...next, ...attempted(next, attempt, clock.now()) };
      log(`event ${next.event.id}: '${subscription.name}' did not take it (${attempt.outcome})`);
      const end = endOf(tried, attempt, subscription);
      if (end) return this.#giveUp(key, tried, end, subscription);
      await deliveries.put(key, tried);
    }
  }

  async #attempt(subscription: EventSubscription, delivery: Delivery): Promise<Attempt> {
    const { signal } = this.#stopping;
    const release = await this.#slots.acquire(signal);
    try {
      const body = bodyOf(
        subscription.schema,
        inSchema(subscription.schema, delivery.event, this.#outbox.topic),
      );
      const headers = { ...this.#headers(subscription, delivery), 'content-type': body.type };
      const sent = { method: 'POST', headers, body: body.text } as const;
      const { status } = await sendTo(subscription, sent, this.#context, signal);
      return { status, outcome: outcomeOf(status) };
    } catch (error) {
      signal.throwIfAborted();
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return { status: 0, outcome: isLate ? 'TimedOut' : 'UnableToConnect' };
    } finally {
      release();
    }
  }

  #headers({ name, destination }: EventSubscription, { event, attempts }: Delivery): Record<string, string> {
    const own = destination.headers.flatMap(({ name: header, value, sourceField }) => {
      const found = sourceField === undefined ? value : valueOf(sourceField, event, this.#outbox.topic);
      const isPlain = typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean';
      return isPlain ? [[header, String(found).replace(/[^\x20-\x7e]/g, '')] as const] : [];
    });
    return {
      ...Object.fromEntries(own),
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': name.toUpperCase(),
      'aeg-delivery-count': String(attempts),
      'aeg-data-version': '',
      'aeg-metadata-version': '1',
    };
  }

  async #giveUp(
    key: string,
    delivery: Delivery,
    reason: DeadLetterReason,
    subscription: EventSubscription,
  ): Promise<void> {
    const { log } = this.#context;
    const container = subscription.deadLetterContainer;
    const what = `event ${delivery.event.id} for '${subscription.name}'`;
    if (container === undefined) log(`${what} was dropped: ${reason}, ${delivery.lastOutcome}`);
    else
      await deadLetter({ subscription, container }, delivery, reason, this.#context, this.#outbox.topic).then(
        () => log(`${what} was put into the container '${container}': ${reason}`),
        (error: unknown) => log(`${what} was dropped, the container does not take it: ${messageOf(error)}`),
      );
    await deliveriesIn(this.#context.store).delete(key);
  }
}

/** How long an attempt waits yet: never longer than was meant, though the clock was turned back between two lives. */
function pauseBefore({ dueAt, lastAttemptAt, publishedAt }: Delivery, now: Date): number {
  const since = Math.max(now.getTime(), Date.parse(lastAttemptAt ?? publishedAt));
  return Math.max(0, Date.parse(dueAt) - since);
}

function attempted(delivery: Delivery, attempt: Attempt, now: Date): Partial<Delivery> {
  const attempts = delivery.attempts + 1;
  const dueAt = new Date(now.getTime() + pauseAfter(attempts, attempt)).toISOString();
  return { attempts, dueAt, lastAttemptAt: now.toISOString(), lastOutcome: attempt.outcome };
}

/** Why an event that was not taken is not sent again. */
function endOf(
  { attempts, publishedAt, dueAt }: Delivery,
  attempt: Attempt,
  { retry }: EventSubscription,
): DeadLetterReason | undefined {
  if (isHopeless(attempt)) return 'UndeliverableDueToHttpResponse';
  if (attempts >= retry.maxDeliveryAttempts) return 'MaxDeliveryAttemptsExceeded';
  const ends = Date.parse(publishedAt) + retry.eventTimeToLiveInMinutes * 60_000;
  return Date.parse(dueAt) > ends ? 'TimeToLiveExceeded' : undefined;
}
