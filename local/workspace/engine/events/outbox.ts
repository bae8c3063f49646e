import type { Store } from '../../store/store.ts';
import type { WorkspaceEvent } from './event.ts';
import { passes } from './filter.ts';
import { deliveriesIn, subscriptionsIn } from './subscription.ts';

/** Where events wait for their delivery: they are kept together with what they tell of, or neither is. */
export interface Outbox {
  /** Within the transaction of the change: puts the event on its way to every subscription that wants it. */
  record(event: WorkspaceEvent): void;
  /** After that transaction: has what was recorded delivered. */
  wake(): void;
  /** Who delivers; told the keys of deliveries that can be read. */
  onWake(deliver: (keys: readonly string[]) => void): void;
  /** What subscriptions know the workspace by; to be set before anything is recorded. */
  topic: string;
}

const outboxes = new WeakMap<Store, Outbox>();

/** The one outbox of a workspace. */
export function outboxOf(store: Store): Outbox {
  const outbox = outboxes.get(store) ?? openOutbox(store);
  outboxes.set(store, outbox);
  return outbox;
}

function openOutbox(store: Store): Outbox {
  const subscriptions = subscriptionsIn(store);
  const deliveries = deliveriesIn(store);
  let recorded: string[] = [];
  let deliver: ((keys: readonly string[]) => void) | undefined;
  const outbox: Outbox = {
    topic: '',
    record(event) {
      for (const [name, { state, filter, expiresAt }] of subscriptions.list()) {
        const isOver = expiresAt !== undefined && expiresAt <= event.time;
        if (state !== 'Succeeded' || isOver || !passes(filter, event, outbox.topic)) continue;
        const key = [name, event.time, event.id].join('\n');
        void deliveries.put(key, {
          ...{ subscription: name, event, attempts: 0 },
          ...{ publishedAt: event.time, dueAt: event.time },
        });
        recorded.push(key);
      }
    },
    wake() {
      if (recorded.length === 0 || !deliver) return;
      // What another change recorded and has not committed yet waits for that change's own call.
      const ready = new Set(recorded.filter((key) => deliveries.get(key) !== undefined));
      recorded = recorded.filter((key) => !ready.has(key));
      deliver([...ready]);
    },
    onWake: (take) => void (deliver = take),
  };
  return outbox;
}
