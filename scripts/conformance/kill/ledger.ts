import type { Client, Reply } from './client.ts';

/** What the workspace is known to hold under one key, as text; undefined: nothing. */
type Value = string | undefined;

/** Reads what is there, after everything that is under way has come to its end. */
export type Read = (client: Client) => Promise<Value>;

interface Entry {
  readonly read: Read;
  acknowledged: Value;
  /** What a request without an answer may have made of it. */
  maybe?: { readonly value: Value };
}

/** A request, and what it makes of the value when it is acknowledged. */
export interface Change {
  readonly key: string;
  readonly value: Value;
  readonly read: Read;
  readonly send: () => Promise<Reply>;
}

/** What was acknowledged, and what is checked against it after every kill. */
export class Ledger {
  readonly findings: string[] = [];
  acknowledged = 0;
  readonly #entries = new Map<string, Entry>();
  readonly #touched = new Set<string>();
  #operations: string[] = [];

  /** Keys that begin so and have a value. */
  held(prefix: string): readonly (readonly [string, Read])[] {
    return [...this.#entries].flatMap(([key, { read, acknowledged }]) =>
      key.startsWith(prefix) && acknowledged !== undefined ? [[key, read] as const] : [],
    );
  }

  /** For what goes with something else that is deleted next. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#touched.delete(key);
  }

  /** Sends a change. Rejects when the connection ends first; then the value may be the old or the new one. */
  async make({ key, value, read, send }: Change): Promise<Reply> {
    const entry = this.#entries.get(key) ?? { read, acknowledged: undefined };
    this.#entries.set(key, entry);
    this.#touched.add(key);
    entry.maybe = { value };
    const reply = await send();
    delete entry.maybe;
    if (reply.status >= 300) {
      this.findings.push(`${key} was answered ${reply.status}: ${JSON.stringify(reply.json).slice(0, 300)}`);
      return reply;
    }
    entry.acknowledged = value;
    this.acknowledged += 1;
    const operation = reply.headers['azure-asyncoperation'];
    if (typeof operation === 'string') this.#operations.push(operation);
    return reply;
  }

  /** Compares what was touched since the last time, and some of the rest, with what is there. */
  async check(client: Client, others: (keys: readonly string[]) => readonly string[]): Promise<void> {
    const rest = [...this.#entries.keys()].filter((key) => !this.#touched.has(key));
    for (const key of [...this.#touched, ...others(rest)]) await this.#compare(client, key);
    this.#touched.clear();
    for (const url of this.#operations.splice(0)) await this.#checkOperation(client, url);
  }

  async #compare(client: Client, key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const found = await entry.read(client);
    const allowed = [entry.acknowledged, ...(entry.maybe ? [entry.maybe.value] : [])];
    if (!allowed.includes(found))
      this.findings.push(`${key} is ${String(found)}, but should be ${allowed.map(String).join(' or ')}`);
    entry.acknowledged = found;
    delete entry.maybe;
  }

  async #checkOperation(client: Client, url: string): Promise<void> {
    const status = await settled(async () => {
      const { json } = await client.follow(url);
      return json.status === 'InProgress' ? undefined : String(json.status ?? json.error?.code);
    });
    if (status !== 'Succeeded')
      this.findings.push(`the operation ${url} is ${status ?? 'still in progress'}`);
  }
}

const PATIENCE_IN_MS = 60_000;
const LOOK_EVERY_IN_MS = 20;

/** Looks until there is an outcome; undefined when there is none for too long. */
export async function settled<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  const late = Date.now() + PATIENCE_IN_MS;
  for (;;) {
    const outcome = await look();
    if (outcome !== undefined || Date.now() > late) return outcome;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_IN_MS));
  }
}
