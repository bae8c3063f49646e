import { randomUUID } from 'node:crypto';
import type { Collection, Store } from '../../../store/store.ts';

/** An experiment: runs under one name. */
export interface ExperimentDocument {
  readonly id: string;
  readonly name: string;
  readonly createdUtc: string;
  readonly lastModifiedUtc: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deleted?: boolean;
}

/** The experiments of a workspace, found by id or by name. */
export class Experiments {
  readonly #byId: Collection<ExperimentDocument>;
  readonly #idByName: Collection<string>;

  constructor(store: Store) {
    this.#byId = store.collection('experiments');
    this.#idByName = store.collection('experimentNames');
  }

  byId(id: string): ExperimentDocument | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): ExperimentDocument | undefined {
    const id = this.#idByName.get(name);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Data-plane paths carry either. */
  byNameOrId(text: string): ExperimentDocument | undefined {
    return this.byName(text) ?? this.byId(text);
  }

  /** The experiment of this name, created when there is none. */
  async ensure(name: string, now: Date): Promise<ExperimentDocument> {
    const id = await this.#idByName.update(name, (known) => known ?? randomUUID());
    if (id === undefined) throw new Error(`The experiment '${name}' could not be stored.`);
    const time = now.toISOString();
    const fresh: ExperimentDocument = { id, name, createdUtc: time, lastModifiedUtc: time, tags: {} };
    return (await this.#byId.update(id, (known) => known ?? fresh)) ?? fresh;
  }

  async update(
    id: string,
    change: (current: ExperimentDocument) => ExperimentDocument,
  ): Promise<ExperimentDocument | undefined> {
    return this.#byId.update(id, (current) => current && change(current));
  }

  /** Moves the name; false when another experiment has it. */
  async rename(id: string, name: string, now: Date): Promise<boolean> {
    const owner = await this.#idByName.update(name, (known) => known ?? id);
    if (owner !== id) return false;
    const old = this.#byId.get(id)?.name;
    await this.update(id, (current) => ({ ...current, name, lastModifiedUtc: now.toISOString() }));
    if (old !== undefined && old !== name) await this.#idByName.delete(old);
    return true;
  }

  all(): ExperimentDocument[] {
    return [...this.#byId.list()].map(([, experiment]) => experiment);
  }
}
