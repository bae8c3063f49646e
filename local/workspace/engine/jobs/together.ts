/** Work that ends when its signal aborts. */
export type Work<T> = (signal: AbortSignal) => Promise<T>;

/** Does several things at once. When one fails the others are ended, and all are over before the failure is thrown. */
export async function together<A, B, C>(
  signal: AbortSignal,
  works: readonly [Work<A>, Work<B>, Work<C>],
): Promise<[A, B, C]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let first: { readonly error: unknown } | undefined;
  const guarded = <T>(work: Work<T>): Promise<T> =>
    work(either).catch((error: unknown) => {
      first ??= { error };
      failed.abort();
      throw error;
    });
  const all = [guarded(works[0]), guarded(works[1]), guarded(works[2])] as const;
  await Promise.allSettled(all);
  if (first) throw first.error;
  return Promise.all(all);
}
