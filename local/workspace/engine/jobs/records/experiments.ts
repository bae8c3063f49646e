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
  readonly #store: Store;
  readonly #byId: Collection<ExperimentDocument>;
  readonly #idByName: Collection<string>;

  constructor(store: Store) {
    this.#store = store;
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

  /** The experiment of this name, created with these tags when there is none. */
  async ensure(name: string, now: Date, tags: ExperimentDocument['tags'] = {}): Promise<ExperimentDocument> {
    return (
      this.byName(name) ?? this.#store.transaction(() => this.byName(name) ?? this.#create(name, now, tags))
    );
  }

  #create(name: string, now: Date, tags: ExperimentDocument['tags']): ExperimentDocument {
    const time = now.toISOString();
    const fresh = { id: randomUUID(), name, createdUtc: time, lastModifiedUtc: time, tags };
    void this.#idByName.put(name, fresh.id);
    void this.#byId.put(fresh.id, fresh);
    return fresh;
  }

  async update(
    id: string,
    change: (current: ExperimentDocument) => ExperimentDocument,
  ): Promise<ExperimentDocument | undefined> {
    return this.#byId.update(id, (current) => current && change(current));
  }

  /** Moves the name; false when another experiment has it. */
  async rename(id: string, name: string, now: Date): Promise<boolean> {
    return this.#store.transaction(() => {
      const known = this.#byId.get(id);
      if (!known || (this.#idByName.get(name) ?? id) !== id) return false;
      void this.#idByName.delete(known.name);
      void this.#idByName.put(name, id);
      void this.#byId.put(id, { ...known, name, lastModifiedUtc: now.toISOString() });
      return true;
    });
  }

  all(): ExperimentDocument[] {
    return [...this.#byId.list()].map(([, experiment]) => experiment);
  }
}
