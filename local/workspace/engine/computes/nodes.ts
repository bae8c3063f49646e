import { randomUUID } from 'node:crypto';
import { Problem } from '../../../../shared/problem/index.ts';
import type { Clock } from '../../context.ts';

/** What a compute allows at the moment. */
export interface NodeLimits {
  readonly min: number;
  readonly max: number;
  /** How long a node without work is kept above the minimum, in milliseconds. */
  readonly idleInMs: number;
  /** False while a compute instance is stopped: what is asked for waits. */
  readonly isOn: boolean;
}

/** A node of a compute: it is this machine, and counts. */
export interface ComputeNode {
  readonly id: string;
  readonly state: 'idle' | 'running';
  readonly runId?: string;
}

export interface NodeRequest {
  readonly compute: string;
  readonly runId: string;
  readonly count: number;
  /** Asked again whenever nodes are given out; undefined when the compute is gone. */
  readonly limits: () => NodeLimits | undefined;
  readonly signal: AbortSignal;
}

interface Waiting extends NodeRequest {
  readonly resolve: (ids: readonly string[]) => void;
  readonly reject: (reason: unknown) => void;
}

interface Pool {
  readonly running: Map<string, string>;
  idle: { readonly id: string; readonly since: number }[];
  readonly waiting: Waiting[];
}

/** Gives nodes of computes to runs, in the order they ask; a run gets all it asks for at once. */
export class ComputeNodes {
  readonly #clock: Clock;
  readonly #pools = new Map<string, Pool>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with what gives the nodes back; rejects when the signal aborts first, or when they can never be had. */
  async acquire(request: NodeRequest): Promise<() => void> {
    request.signal.throwIfAborted();
    const ids = await this.#ask(request);
    let held = true;
    return () => {
      if (held) this.#giveBack(request, ids);
      held = false;
    };
  }

  /** The nodes a compute has now: those that work, and those kept for a while after their work. */
  list(compute: string, limits: NodeLimits): ComputeNode[] {
    const pool = this.#pool(compute);
    this.#scale(pool, limits);
    const running = [...pool.running].map(([id, runId]) => ({ id, state: 'running' as const, runId }));
    return [...running, ...pool.idle.map(({ id }) => ({ id, state: 'idle' as const }))];
  }

  /** To be called when the limits of a compute have changed. */
  changed(compute: string): void {
    this.#serve(this.#pool(compute));
  }

  #ask(request: NodeRequest): Promise<readonly string[]> {
    const pool = this.#pool(request.compute);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        pool.waiting.splice(pool.waiting.indexOf(waiting), 1);
        reject(request.signal.reason instanceof Error ? request.signal.reason : new Error('cancelled'));
        this.#serve(pool);
      };
      const settle = (): void => request.signal.removeEventListener('abort', onAbort);
      const waiting: Waiting = {
        ...request,
        resolve: (ids) => {
          settle();
          resolve(ids);
        },
        reject: (reason) => {
          settle();
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        },
      };
      request.signal.addEventListener('abort', onAbort, { once: true });
      pool.waiting.push(waiting);
      this.#serve(pool);
    });
  }

  /** Serves the first in the queue until one has to wait. */
  #serve(pool: Pool): void {
    for (let [first] = pool.waiting; first; [first] = pool.waiting) {
      const limits = first.limits();
      const never = whyNever(first, limits);
      if (never === undefined && limits && !this.#fits(pool, first, limits)) return;
      pool.waiting.shift();
      if (never) first.reject(never);
      else first.resolve(this.#take(pool, first));
    }
  }

  #fits(pool: Pool, { count }: NodeRequest, { max, isOn }: NodeLimits): boolean {
    return isOn && pool.running.size + count <= max;
  }

  #take(pool: Pool, { count, runId }: NodeRequest): string[] {
    const ids = pool.idle.splice(0, count).map(({ id }) => id);
    while (ids.length < count) ids.push(newNode());
    for (const id of ids) pool.running.set(id, runId);
    return ids;
  }

  #giveBack({ compute }: NodeRequest, ids: readonly string[]): void {
    const pool = this.#pool(compute);
    const since = this.#clock.now().getTime();
    for (const id of ids) {
      pool.running.delete(id);
      pool.idle.push({ id, since });
    }
    this.#serve(pool);
  }

  /** Scales down what was idle for too long, and up to the minimum. */
  #scale(pool: Pool, { min, max, idleInMs }: NodeLimits): void {
    const now = this.#clock.now().getTime();
    const room = Math.max(0, max - pool.running.size);
    const least = Math.max(0, min - pool.running.size);
    // A clock that was turned back lets no node stay idle for longer.
    pool.idle = pool.idle.map(({ id, since }) => ({ id, since: Math.min(since, now) }));
    const recent = pool.idle.filter(({ since }) => now - since < idleInMs);
    const kept = [
      ...recent,
      ...pool.idle.filter((node) => !recent.includes(node)).slice(0, Math.max(0, least - recent.length)),
    ];
    while (kept.length < least) kept.push({ id: newNode(), since: now });
    pool.idle = kept.slice(0, room);
  }

  #pool(compute: string): Pool {
    const key = compute.toLowerCase();
    const pool = this.#pools.get(key) ?? { running: new Map(), idle: [], waiting: [] };
    this.#pools.set(key, pool);
    return pool;
  }
}

function whyNever({ compute, count }: NodeRequest, limits: NodeLimits | undefined): Problem | undefined {
  if (!limits)
    return new Problem({
      code: 'not-found',
      message: `The compute '${compute}' was deleted while the job waited for it.`,
      next: 'Submit the job to another compute.',
    });
  if (count <= limits.max) return undefined;
  return new Problem({
    code: 'input',
    message: `The job asks for ${count} nodes, and the compute '${compute}' has at most ${limits.max}.`,
    next: 'Ask for fewer nodes with resources.instance_count, or raise max_instances of the compute.',
  });
}

function newNode(): string {
  return `tvmps_${randomUUID().replaceAll('-', '')}_d`;
}
