import path from 'node:path';
import { Dispatcher } from './dispatcher.ts';
import type { EventLog } from './events.ts';
import type { InstanceSpec } from './instance.ts';
import { Replica, type ReplicaEvent, type ReplicaSettings, type StartFailure } from './replica.ts';

/** What the instances of one revision have in common. */
export interface RevisionSpec {
  readonly instance: Omit<InstanceSpec, 'logFile'>;
  readonly logFolder: string;
  readonly replica: ReplicaSettings;
  readonly maxConcurrentRequestsPerInstance: number;
}

const WARNINGS: ReadonlySet<ReplicaEvent> = new Set(['Unhealthy', 'Killing', 'BackOff', 'Failed']);

/** One version of a deployment in processes: all instances run the same code, model and environment. */
export class Revision {
  readonly dispatcher: Dispatcher;
  readonly #spec: RevisionSpec;
  readonly #events: EventLog;
  #replicas: Replica[] = [];

  constructor(spec: RevisionSpec, events: EventLog) {
    this.#spec = spec;
    this.#events = events;
    this.dispatcher = new Dispatcher(
      () => this.#replicas,
      () => spec.maxConcurrentRequestsPerInstance,
    );
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** Brings the number of instances to `count`; resolves when all are ready, or with the first that never will be. */
  async resize(count: number): Promise<{ failure: StartFailure; logFile: string } | undefined> {
    const surplus = this.#replicas.slice(count);
    this.#replicas = this.#replicas.slice(0, count);
    while (this.#replicas.length < count) this.#replicas.push(this.#newReplica(this.#replicas.length));
    const [outcomes] = await Promise.all([
      Promise.all(this.#replicas.map(async (replica) => ({ replica, failure: await replica.settled }))),
      ...surplus.map((replica) => replica.stop()),
    ]);
    const failed = outcomes.find((outcome) => outcome.failure);
    return failed?.failure && { failure: failed.failure, logFile: failed.replica.logFile };
  }

  /** Lets running requests end, at most for `patienceInMs`, then ends the processes. */
  async stop(patienceInMs: number): Promise<void> {
    const deadline = Date.now() + patienceInMs;
    while (this.dispatcher.inFlight > 0 && Date.now() < deadline)
      await new Promise((done) => setTimeout(done, 50));
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
  }

  #newReplica(index: number): Replica {
    return new Replica({
      name: `instance-${index}`,
      spec: {
        ...this.#spec.instance,
        logFile: path.join(this.#spec.logFolder, `inference-server-${index}.log`),
      },
      settings: this.#spec.replica,
      tell: (_replica, event, text) => {
        this.#events.event(event, WARNINGS.has(event) ? 'Warning' : 'Normal', text);
        if (event === 'Ready') this.dispatcher.drain();
      },
    });
  }
}
