import { userError } from '../../server/failures.ts';
import type { Parameters } from './parameters.ts';

/** Whether something deleted or not is asked for by MLflow's view type. */
export function inView(view: string | undefined): (isDeleted: boolean) => boolean {
  switch (view?.toUpperCase()) {
    case 'DELETED_ONLY':
    case '2':
      return (isDeleted) => isDeleted;
    case 'ALL':
    case '3':
      return () => true;
    default:
      return (isDeleted) => !isDeleted;
  }
}

/** One page; the token is the place of the next item. */
export function pageBy<T>(
  all: readonly T[],
  p: Parameters,
  most: number,
): { items: readonly T[]; next: { next_page_token?: string } } {
  const token = p.text('page_token');
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw userError(`The page_token '${token}' was not made by this workspace.`);
  const size = Math.min(p.number('max_results') ?? most, 50_000);
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? { next_page_token: String(end) } : {} };
}
