import type { Collection, Store } from '../../../store/store.ts';
import type { RunCreator, RunDocument } from './run.ts';
import type { NewRun, Runs } from './runs.ts';

/** A JSON object as a client sent it, checked where it is used. */
export type Json = Readonly<Record<string, unknown>>;

/** A job as it was submitted; its progress, names and tags are in the run of the same name. */
export interface JobDocument {
  readonly name: string;
  /** `properties` of the ARM resource, without what the run holds and what only the server may say. */
  readonly properties: Json;
  readonly isArchived: boolean;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly createdBy: RunCreator;
  readonly modifiedBy: string;
  /** The sweep or pipeline this job is a part of; such jobs are not listed on their own. */
  readonly parentJobName?: string;
  /** The schedule that made it, and the time it was due, as ISO time. */
  readonly schedule?: { readonly name: string; readonly dueAt: string };
  /** What a run of a monitor looks at; absent for other jobs. */
  readonly monitor?: MonitorOfJob;
}

/** The signals of a monitor, by the pipeline step that says what became of each. */
export interface MonitorOfJob {
  readonly signals: Readonly<Record<string, { readonly name: string; readonly output: string }>>;
  /** Who would be told of a broken limit. */
  readonly emails: readonly string[];
}

/** The jobs of a workspace, in the order they were submitted. */
export class Jobs {
  readonly #store: Store;
  readonly #runs: Runs;
  readonly #jobs: Collection<JobDocument>;
  readonly #order: Collection<string>;

  constructor(store: Store, runs: Runs) {
    this.#store = store;
    this.#runs = runs;
    this.#jobs = store.collection('jobs');
    this.#order = store.collection('jobOrder');
  }

  get(name: string): JobDocument | undefined {
    return this.#jobs.get(name);
  }

  /** Stores a job and its run together, or neither; undefined when the name is taken. */
  async create(job: JobDocument, run: NewRun, now: Date): Promise<RunDocument | undefined> {
    return this.#store.transaction(() => {
      if (this.#jobs.get(job.name) ?? this.#runs.get(run.runId)) return undefined;
      const created = this.#runs.createInTransaction(run, now);
      void this.#jobs.put(job.name, job);
      if (job.parentJobName === undefined) void this.#order.put(orderKey(created.number), job.name);
      return created;
    });
  }

  async update(name: string, change: (job: JobDocument) => JobDocument): Promise<JobDocument | undefined> {
    return this.#jobs.update(name, (job) => job && change(job));
  }

  /** Forgets a job and marks its run, or neither. */
  async delete(name: string, now: Date): Promise<void> {
    await this.#store.transaction(() => {
      const number = this.#runs.get(name)?.number;
      void this.#jobs.delete(name);
      if (number !== undefined) void this.#order.delete(orderKey(number));
      void this.#runs.update(name, now, (run) => ({ ...run, deleted: true }));
    });
  }

  /** Newest first, starting behind a key that an earlier call gave. */
  *newestFirst(after?: string): Iterable<readonly [string, JobDocument]> {
    for (const [key, name] of this.#order.list({
      reverse: true,
      ...(after === undefined ? {} : { after }),
    })) {
      const job = this.#jobs.get(name);
      if (job) yield [key, job];
    }
  }
}

function orderKey(number: number): string {
  return String(number).padStart(12, '0');
}
