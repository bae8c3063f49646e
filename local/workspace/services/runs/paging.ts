import type { Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { RunDocument } from '../../engine/jobs/records/index.ts';
import { showRun } from './showRun.ts';

const PAGE_SIZE = 100;

/** A page as run history has it: `value`, `continuationToken`, `nextLink`. Runs come oldest first unless asked otherwise. */
export function pageOfRuns(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  runs: readonly RunDocument[],
): object {
  const query = (name: string): string | undefined =>
    request.req.query(name) ?? request.req.query(name.toLowerCase());
  const newestFirst =
    query('$sortorder')?.toLowerCase() === 'desc' || /\bdesc\b/i.test(query('$orderby') ?? '');
  const ordered = newestFirst ? [...runs].reverse() : runs;
  const start = Number(query('$continuationtoken') ?? 0) || 0;
  const size = Math.min(Number(query('$top') ?? query('$count') ?? PAGE_SIZE) || PAGE_SIZE, PAGE_SIZE);
  const next = start + size < ordered.length ? String(start + size) : null;
  return {
    value: ordered.slice(start, start + size).map((run) => showRun(context, run)),
    continuationToken: next,
    nextLink: next === null ? null : linkTo(context, request, next),
  };
}

function linkTo(context: WorkspaceContext, request: Context<WorkspaceEnv>, token: string): string {
  const url = new URL(request.req.url);
  url.searchParams.set('$continuationtoken', token);
  return `${context.urls.api}${url.pathname}${url.search}`;
}
