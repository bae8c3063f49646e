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
  put(endpoint: string, invocation: StoredInvocation): Promise<void>;
  /** Newest first, starting behind a key that an earlier call gave. */
  newestFirst(endpoint: string, after?: string): Iterable<readonly [string, string]>;
}

export function invocationsIn(store: Store): Invocations {
  const byName = store.collection<StoredInvocation>('batchInvocations');
  const inOrder = store.collection<string>('batchInvocationOrder');
  return {
    get: (endpoint, name) => byName.get(`${endpoint}/${name}`),
    put: (endpoint, invocation) =>
      store.transaction(() => {
        void byName.put(`${endpoint}/${invocation.name}`, invocation);
        void inOrder.put(`${endpoint}/${invocation.order}/${invocation.name}`, invocation.name);
      }),
    newestFirst: (endpoint, after) =>
      inOrder.list({ prefix: `${endpoint}/`, reverse: true, ...(after === undefined ? {} : { after }) }),
  };
}
