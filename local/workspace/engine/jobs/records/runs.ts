import type { Collection, Store } from '../../../store/store.ts';
import { runMoved } from '../../events/happenings.ts';
import { outboxOf, type Outbox } from '../../events/outbox.ts';
import type { RunDocument, RunStatus } from './run.ts';
import { isTerminal } from './run.ts';

const SEPARATOR = '\n';

/** What a new run is made of; the rest starts empty. */
export type NewRun = Pick<
  RunDocument,
  'runId' | 'experimentId' | 'experimentName' | 'displayName' | 'createdBy' | 'ofJob'
> &
  Partial<RunDocument>;

/** The runs of a workspace, and which runs are whose children and in which experiment. */
export class Runs {
  readonly #store: Store;
  readonly #runs: Collection<RunDocument>;
  readonly #children: Collection<true>;
  readonly #byExperiment: Collection<true>;
  readonly #counters: Collection<number>;
  readonly #outbox: Outbox;

  constructor(store: Store) {
    this.#store = store;
    this.#runs = store.collection('runs');
    this.#children = store.collection('runChildren');
    this.#byExperiment = store.collection('runsByExperiment');
    this.#counters = store.collection('runCounters');
    this.#outbox = outboxOf(store);
  }

  get(runId: string): RunDocument | undefined {
    return this.#runs.get(runId);
  }

  /** Stores a new run; the one already there when the id is taken. */
  async create(run: NewRun, now: Date): Promise<RunDocument> {
    return this.#store.transaction(() => this.createInTransaction(run, now));
  }

  /** The same, as a part of a larger transaction. */
  createInTransaction(run: NewRun, now: Date): RunDocument {
    const known = this.get(run.runId);
    if (known) return known;
    const number = (this.#counters.get('run') ?? 0) + 1;
    const document = completed(
      run,
      number,
      run.parentRunId === undefined ? undefined : this.get(run.parentRunId),
      now,
    );
    void this.#counters.put('run', number);
    void this.#runs.put(run.runId, document);
    void this.#byExperiment.put(orderKey(document.experimentId, document), true);
    if (document.parentRunId !== undefined)
      void this.#children.put(orderKey(document.parentRunId, document), true);
    return document;
  }

  /** Changes a run in one transaction, with the events another status means; undefined when there is none. */
  async update(
    runId: string,
    now: Date,
    change: (run: RunDocument) => RunDocument,
  ): Promise<RunDocument | undefined> {
    const changed = await this.#store.transaction(() => {
      const run = this.get(runId);
      if (!run) return undefined;
      const next = { ...change(run), lastModifiedUtc: now.toISOString() };
      void this.#runs.update(runId, () => next);
      if (next.status !== run.status) for (const event of runMoved(next)) this.#outbox.record(event);
      return next;
    });
    this.#outbox.wake();
    return changed;
  }

  /** Moves a run on; a run that has ended stays as it is. Start and end times follow from the status. */
  async setStatus(
    runId: string,
    status: RunStatus,
    now: Date,
    also: Partial<RunDocument> = {},
  ): Promise<RunDocument | undefined> {
    const time = now.toISOString();
    return this.update(runId, now, (run) => {
      if (isTerminal(run.status)) return run;
      const started = status === 'Running' && run.startTimeUtc === undefined ? { startTimeUtc: time } : {};
      const ended = isTerminal(status) ? { endTimeUtc: time } : {};
      return { ...run, ...started, ...ended, ...also, status };
    });
  }

  /** Direct children, oldest first. */
  children(runId: string): RunDocument[] {
    return this.#listed(this.#children, runId);
  }

  /** Runs of an experiment, oldest first. */
  inExperiment(experimentId: string): RunDocument[] {
    return this.#listed(this.#byExperiment, experimentId);
  }

  /** Runs that have not ended, in the order they were created. */
  active(): RunDocument[] {
    const all = [...this.#runs.list()].map(([, run]) => run);
    return all.filter((run) => !isTerminal(run.status)).sort((left, right) => left.number - right.number);
  }

  #listed(index: Collection<true>, owner: string): RunDocument[] {
    const prefix = `${owner}${SEPARATOR}`;
    const ids = [...index.list({ prefix })].map(([key]) => key.split(SEPARATOR)[2] ?? '');
    return ids.flatMap((id) => this.get(id) ?? []);
  }
}

function completed(run: NewRun, number: number, parent: RunDocument | undefined, now: Date): RunDocument {
  const time = now.toISOString();
  return {
    status: 'NotStarted',
    rootRunId: parent?.rootRunId ?? run.runId,
    tags: {},
    properties: {},
    params: {},
    metrics: {},
    outputs: {},
    inputs: {},
    warnings: [],
    createdUtc: time,
    lastModifiedUtc: time,
    ...run,
    number,
  };
}

/** Sorts the runs of one owner by their number. */
function orderKey(owner: string, { number, runId }: RunDocument): string {
  return [owner, String(number).padStart(12, '0'), runId].join(SEPARATOR);
}
