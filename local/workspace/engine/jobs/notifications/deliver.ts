import { readFile } from 'node:fs/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { messageOf } from '../../../../../shared/problem/index.ts';
import type { Clock } from '../../../context.ts';
import { eventsUrl, taskCompleted, type Webhook } from './webhook.ts';

const MOST_ATTEMPTS = 8;
const FIRST_PAUSE_IN_MS = 1000;
const LONGEST_PAUSE_IN_MS = 60_000;
const LONGEST_ANSWER_IN_MS = 20_000;

export interface Delivery {
  readonly webhook: Webhook;
  /** How the job ended. */
  readonly status: string;
  readonly clock: Clock;
  /** File with the authorities that are trusted. */
  readonly caBundle: string;
  readonly signal: AbortSignal;
}

/** Posts the event until it is taken; undefined when it was, otherwise why it never was. */
export async function deliver(delivery: Delivery): Promise<string | undefined> {
  let reason = '';
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await delivery.clock.sleep(pauseBefore(attempt), delivery.signal);
    delivery.signal.throwIfAborted();
    const outcome = await post(delivery).catch((error: unknown) => ({
      again: true,
      reason: reasonOf(error),
    }));
    if (outcome === undefined) return undefined;
    reason = outcome.reason;
    if (!outcome.again) break;
  }
  return reason;
}

type Refusal = { readonly again: boolean; readonly reason: string } | undefined;

async function post({ webhook, status, caBundle, signal }: Delivery): Promise<Refusal> {
  const dispatcher = new EnvHttpProxyAgent({ connect: { ca: await readFile(caBundle, 'utf8') } });
  try {
    const reply = await fetch(eventsUrl(webhook), {
      method: 'POST',
      headers: { authorization: `Bearer ${webhook.authToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(taskCompleted(webhook, status)),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER_IN_MS)]),
      dispatcher,
    });
    await reply.text();
    if (reply.ok) return undefined;
    const again = reply.status >= 500 || reply.status === 408 || reply.status === 429;
    return { again, reason: `the server answered ${reply.status} ${reply.statusText}`.trim() };
  } finally {
    await dispatcher.close();
  }
}

function pauseBefore(attempt: number): number {
  return Math.min(FIRST_PAUSE_IN_MS * 2 ** (attempt - 1), LONGEST_PAUSE_IN_MS);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause instanceof Error ? cause : error);
}
