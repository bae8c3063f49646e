/** A place that can work on requests; `port` is undefined while it cannot. */
export interface Worker {
  readonly port: number | undefined;
  load: number;
}

/** A place at a worker, held until it is released. */
export interface Slot {
  readonly port: number;
  release(): void;
}

/** Why a request got no slot. */
export type Refusal = 'too-many' | 'no-instance' | 'given-up';

interface Waiter {
  readonly take: (slot: Slot) => void;
}

/**
 * Hands requests to the least loaded instance. Azure lets twice `max_concurrent_requests_per_instance` times the
 * instances in: one half is worked on, the other half waits in order; any more are refused with 429.
 */
export class Dispatcher {
  readonly #workers: () => readonly Worker[];
  readonly #concurrency: () => number;
  readonly #waiting: Waiter[] = [];
  #working = 0;

  constructor(workers: () => readonly Worker[], concurrency: () => number) {
    this.#workers = workers;
    this.#concurrency = concurrency;
  }

  /** Requests that are worked on or wait. */
  get inFlight(): number {
    return this.#working + this.#waiting.length;
  }

  /** A slot as soon as one is free; `signal` ends the wait. */
  async acquire(signal: AbortSignal): Promise<Slot | Refusal> {
    const workers = this.#workers();
    if (this.inFlight >= 2 * this.#concurrency() * workers.length)
      return workers.length > 0 ? 'too-many' : 'no-instance';
    if (workers.every((worker) => worker.port === undefined)) return 'no-instance';
    return this.#freeSlot() ?? this.#wait(signal);
  }

  /** Gives free places to those who wait; to be called when an instance got ready. */
  drain(): void {
    while (this.#waiting.length > 0) {
      const slot = this.#freeSlot();
      if (!slot) return;
      this.#waiting.shift()?.take(slot);
    }
  }

  #wait(signal: AbortSignal): Promise<Slot | Refusal> {
    return new Promise((resolve) => {
      const giveUp = () => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve('given-up');
      };
      const waiter: Waiter = {
        take: (slot) => {
          signal.removeEventListener('abort', giveUp);
          resolve(slot);
        },
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
  }

  #freeSlot(): Slot | undefined {
    const limit = this.#concurrency();
    const free = this.#workers().filter((worker) => worker.port !== undefined && worker.load < limit);
    const chosen = free.reduce<Worker | undefined>(
      (best, next) => (best && best.load <= next.load ? best : next),
      undefined,
    );
    return chosen && this.#occupy(chosen);
  }

  #occupy(worker: Worker): Slot | undefined {
    const port = worker.port;
    if (port === undefined) return undefined;
    worker.load += 1;
    this.#working += 1;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      worker.load -= 1;
      this.#working -= 1;
      this.drain();
    };
    return { port, release };
  }
}
