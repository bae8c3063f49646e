import type { Store } from '../../store/store.ts';

/** A job that an endpoint was asked for. */
export interface StoredInvocation {
  readonly name: string;
  readonly deployment: string;
  /** Of the request, so that its repetition is known. */
  readonly digest: string;
  /** Sorts the jobs of an endpoint by when they were asked for. */
  readonly order: string;
}

/** Which jobs each endpoint made: by name, and in their order. */
export interface Invocations {
  get(endpoint: string, name: string): StoredInvocation | undefined;
  /** Keeps an invocation unless its name has one already; the one that counts. */
  claim(endpoint: string, invocation: StoredInvocation): Promise<StoredInvocation>;
  /** Newest first, starting behind a key that an earlier call gave. */
  newestFirst(endpoint: string, after?: string): Iterable<readonly [string, string]>;
}

export function invocationsIn(store: Store): Invocations {
  const byName = store.collection<StoredInvocation>('batchInvocations');
  const inOrder = store.collection<string>('batchInvocationOrder');
  return {
    get: (endpoint, name) => byName.get(`${endpoint}/${name}`),
    claim: (endpoint, invocation) =>
      store.transaction(() => {
        const known = byName.get(`${endpoint}/${invocation.name}`);
        if (known) return known;
        void byName.put(`${endpoint}/${invocation.name}`, invocation);
        void inOrder.put(`${endpoint}/${invocation.order}/${invocation.name}`, invocation.name);
        return invocation;
      }),
    newestFirst: (endpoint, after) =>
      inOrder.list({ prefix: `${endpoint}/`, reverse: true, ...(after === undefined ? {} : { after }) }),
  };
}
