import type { Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../context.ts';
import { userError } from './failures.ts';

const PAGE_SIZE = 100;

/** Where the next page starts: after this key, with so many items left of what `$top` allowed. */
interface Position {
  readonly after?: string;
  readonly left?: number;
}

/** ARM's page: `nextLink` is absolute, used as it is, and absent on the last page. */
export interface Page {
  readonly value: readonly object[];
  readonly nextLink?: string;
}

/**
 * One page of a list. `items` gives keys and values in order, starting after a key; `show` answers undefined for what
 * the request's filters leave out. `$top` (or `count`) limits the whole list, not a page.
 */
export function pageOf<T>(
  request: Context<WorkspaceEnv>,
  context: WorkspaceContext,
  items: (after: string | undefined) => Iterable<readonly [string, T]>,
  show: (value: T, key: string) => object | undefined,
): Page {
  const { after, left } = positionOf(request);
  const size = Math.min(PAGE_SIZE, left ?? PAGE_SIZE);
  const value: object[] = [];
  let last = after;
  for (const [key, item] of items(after)) {
    const shown = show(item, key);
    if (shown === undefined) {
      last = key;
      continue;
    }
    if (value.length === size) return { value, ...linkTo(request, context, last, left, size) };
    value.push(shown);
    last = key;
  }
  return { value };
}

function linkTo(
  request: Context<WorkspaceEnv>,
  context: WorkspaceContext,
  after: string | undefined,
  left: number | undefined,
  taken: number,
): { nextLink?: string } {
  if (left !== undefined && left <= taken) return {};
  const url = new URL(request.req.url);
  const position: Position = {
    ...(after === undefined ? {} : { after }),
    ...(left === undefined ? {} : { left: left - taken }),
  };
  url.searchParams.set('$skip', Buffer.from(JSON.stringify(position)).toString('base64url'));
  return { nextLink: `${context.urls.api}${url.pathname}${url.search}` };
}

function positionOf(request: Context<WorkspaceEnv>): Position {
  const token = request.req.query('$skip') ?? request.req.query('$skiptoken');
  if (token) return parsePosition(token);
  const top = request.req.query('$top') ?? request.req.query('count') ?? request.req.query('$count');
  if (!top) return {};
  const left = Number(top);
  if (!Number.isInteger(left) || left < 1)
    throw userError(`The number of records to return, '${top}', is not a whole number above 0.`);
  return { left };
}

function parsePosition(token: string): Position {
  try {
    // Checked member by member right below.
    const { after, left } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Position;
    const isUsable =
      (after === undefined || typeof after === 'string') && (left === undefined || Number.isInteger(left));
    if (isUsable)
      return { ...(after === undefined ? {} : { after }), ...(left === undefined ? {} : { left }) };
  } catch {
    // Worded below.
  }
  throw userError('The continuation token in $skip was not made by this workspace.');
}
