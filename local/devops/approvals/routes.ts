import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import { approvalJson } from './json.ts';

/** Approvals of environments, to be read: who approved, when, and with what words. */
export function approvalRoutes(context: DevOpsContext): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const base = (url: string): string =>
    `${new URL(url).origin}/${encodeURIComponent(context.organization)}/${context.project.id}/_apis/pipelines/approvals`;

  routes.get('/', ({ req, json }) => {
    const ids = req.query('approvalIds')?.toLowerCase().split(',');
    const state = req.query('state')?.toLowerCase();
    const wanted = context.builds
      .approvals()
      .filter((one) => (ids === undefined || ids.includes(one.id)) && fits(one.status, state));
    const top = Number(req.query('top') ?? wanted.length);
    return json(
      listOf(wanted.slice(0, top).map((one) => approvalJson(one, base(req.url), req.query('$expand')))),
    );
  });
  routes.get('/:id', ({ req, json }) => {
    const found = context.builds.approval(req.param('id').toLowerCase());
    if (!found) throw new HTTPException(404, { message: `There is no approval ${req.param('id')}.` });
    return json(approvalJson(found, base(req.url), req.query('$expand')));
  });
  return routes;
}

function fits(status: string, state: string | undefined): boolean {
  if (state === undefined || state === 'all') return true;
  return state === 'completed' ? status !== 'pending' : status === state;
}
