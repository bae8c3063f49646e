import type { Client } from './client.ts';
import type { Change, Ledger } from './ledger.ts';

/** Numbers from 0 up to 1, drawn from the seed of the whole trial. */
export type Chance = () => number;

/** What the load may do next; every name it uses is its own, so that each value has one writer. */
export type Deed = (worker: Worker) => Promise<void>;

/** Writes to the workspace until the connection ends; one request at a time. */
export class Worker {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly name: string;
  readonly chance: Chance;
  #count = 0;

  constructor({ client, ledger, name, chance }: Pick<Worker, 'client' | 'ledger' | 'name' | 'chance'>) {
    this.client = client;
    this.ledger = ledger;
    this.name = name;
    this.chance = chance;
  }

  fresh(): string {
    this.#count += 1;
    return `${this.name}-${this.#count}`;
  }

  make(change: Omit<Change, 'send'>, method: string, at: string, body?: unknown) {
    return this.ledger.make({ ...change, send: () => this.client.send(method, at, body) });
  }

  /** Does one deed after the other, drawn by their weights; ends with the life of the workspace. */
  async work(deeds: readonly (readonly [Deed, number])[]): Promise<void> {
    const drawn = deeds.flatMap(([deed, weight]) => Array.from({ length: weight }, () => deed));
    try {
      for (;;) await drawn[Math.floor(this.chance() * drawn.length)]!(this);
    } catch (error) {
      // The connection ended, as was intended; anything else is a finding.
      if (!isAboutConnection(error)) this.ledger.findings.push(`${this.name}: ${String(error)}`);
    }
  }
}

function isAboutConnection(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.message === 'The answer was cut off.');
}
