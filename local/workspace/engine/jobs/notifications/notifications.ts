import { messageOf } from '../../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../../context.ts';
import type { Collection } from '../../../store/store.ts';
import { isTerminal, type Records, type RunDocument } from '../records/index.ts';
import { deliver } from './deliver.ts';
import type { Webhook } from './webhook.ts';

const SEPARATOR = '\n';

/** Tells others that a job has ended. What is not delivered yet is in the store, so that a restart goes on with it. */
export class Notifications {
  readonly #context: WorkspaceContext;
  readonly #records: Records;
  readonly #caBundle: string;
  readonly #waiting: Collection<Webhook>;
  readonly #stopping = new AbortController();
  readonly #active = new Map<string, Promise<void>>();

  constructor(context: WorkspaceContext, records: Records, caBundle: string) {
    this.#context = context;
    this.#records = records;
    this.#caBundle = caBundle;
    this.#waiting = context.store.collection('jobWebhooks');
  }

  /** Remembers webhooks of a job. One that has ended already is not told of again: its status says it. */
  async add(webhooks: readonly Webhook[]): Promise<void> {
    if (webhooks.length === 0) return;
    await this.#context.store.transaction(() => {
      for (const webhook of webhooks) {
        const status = this.#records.runs.get(webhook.job)?.status;
        if (status === undefined || !isTerminal(status)) void this.#waiting.put(keyOf(webhook), webhook);
      }
    });
  }

  /** Forgets a webhook that was taken back. */
  async remove(job: string, name: string): Promise<void> {
    await this.#waiting.delete(keyOf({ job, name }));
  }

  /** To be called when a run has come to its end; returns at once. */
  ended({ runId, status }: RunDocument): void {
    for (const [key, webhook] of this.#waiting.list({ prefix: `${runId}${SEPARATOR}` }))
      this.#begin(key, webhook, status);
  }

  /** Goes on with what an earlier life had not delivered. */
  start(): void {
    for (const [key, webhook] of [...this.#waiting.list()]) {
      const status = this.#records.runs.get(webhook.job)?.status;
      if (status !== undefined && isTerminal(status)) this.#begin(key, webhook, status);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#active.values());
  }

  #begin(key: string, webhook: Webhook, status: string): void {
    if (this.#active.has(key) || this.#stopping.signal.aborted) return;
    const done = this.#deliver(key, webhook, status)
      .catch((error: unknown) => this.#context.log(`webhook ${webhook.name}: ${messageOf(error)}`))
      .finally(() => this.#active.delete(key));
    this.#active.set(key, done);
  }

  async #deliver(key: string, webhook: Webhook, status: string): Promise<void> {
    const { clock, log } = this.#context;
    const { signal } = this.#stopping;
    try {
      const reason = await deliver({ webhook, status, clock, caBundle: this.#caBundle, signal });
      const outcome = reason === undefined ? 'was delivered' : `was given up: ${reason}`;
      log(`the webhook '${webhook.name}' of the job '${webhook.job}' ${outcome}`);
      await this.#waiting.delete(key);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

function keyOf({ job, name }: Pick<Webhook, 'job' | 'name'>): string {
  return [job, name].join(SEPARATOR);
}
