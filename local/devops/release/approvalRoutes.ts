import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { identityId } from '../identity.ts';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { ReleaseApprovalView, ReleaseSource } from '../releases.ts';
import { objectIn, stagesOf, type Stage } from './access.ts';
import { releaseApprovalJson } from './approvalJson.ts';
import { linksFor } from './links.ts';

/** The words of the API with the numbers its clients send for them. */
const STATUSES: Readonly<Record<ReleaseApprovalView['status'], string>> = {
  pending: '1',
  approved: '2',
  rejected: '4',
  canceled: '7',
  skipped: '8',
};
const TYPES: Readonly<Record<ReleaseApprovalView['type'], string>> = { preDeploy: '1', postDeploy: '2' };
const EITHER_TYPE = ['all', '3'];

function isMeant<T extends string>(wanted: string, word: T, numbers: Readonly<Record<T, string>>): boolean {
  return [word.toLowerCase(), numbers[word]].includes(wanted.toLowerCase());
}

interface Found extends Stage {
  readonly approval: ReleaseApprovalView;
}

/** Approvals before and after deployments: to be listed, read and answered. */
export function releaseApprovalRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const all = (): Found[] =>
    stagesOf(source).flatMap((stage) =>
      stage.environment.approvals.map((approval) => ({ ...stage, approval })),
    );
  const withId = (id: number): Found => {
    const found = all().find(({ approval }) => approval.id === id);
    if (found) return found;
    throw new HTTPException(404, { message: `There is no approval ${id}.` });
  };
  const show = ({ approval, environment, release }: Found, url: string): object =>
    releaseApprovalJson(approval, environment, release, linksFor(url, context));

  routes.get('/approvals', ({ req, json }) => {
    // Without a wish, the service lists what waits.
    const status = req.query('statusFilter') ?? 'pending';
    const type = req.query('typeFilter')?.toLowerCase() ?? 'all';
    const releases = req.query('releaseIdsFilter')?.split(',').map(Number);
    const assigned = req.query('assignedToFilter')?.toLowerCase();
    const wanted = all().filter(
      ({ approval, release }) =>
        isMeant(status, approval.status, STATUSES) &&
        (EITHER_TYPE.includes(type) || isMeant(type, approval.type, TYPES)) &&
        (releases === undefined || releases.includes(release.id)) &&
        (assigned === undefined || isAssigned(approval, assigned)),
    );
    const isAscending = ['ascending', '1'].includes(req.query('queryOrder') ?? '');
    const inOrder = isAscending ? wanted : wanted.reverse();
    const top = Number(req.query('top')) || inOrder.length;
    return json(listOf(inOrder.slice(0, top).map((one) => show(one, req.url))));
  });
  routes.get('/approvals/:id', ({ req, json }) => json(show(withId(Number(req.param('id'))), req.url)));
  routes.patch('/approvals/:id', async ({ req, json }) => {
    const id = Number(req.param('id'));
    const { release } = withId(id);
    const body = await objectIn(req);
    const given = String(body.get('status'));
    const status = (['approved', 'rejected'] as const).find((word) => isMeant(given, word, STATUSES));
    if (!status)
      throw new HTTPException(400, { message: 'An approval is answered with approved or rejected.' });
    const comments = body.get('comments');
    const comment = typeof comments === 'string' ? comments : undefined;
    if (!source.answer(id, { status, by: release.modifiedBy, comment }))
      throw new HTTPException(400, { message: `The approval ${id} is not pending.` });
    // The stage takes the answer in its own time; whoever gave it sees it at once.
    const found = withId(id);
    const approval = { ...found.approval, status, comments: comment ?? '', approvedBy: release.modifiedBy };
    return json(show({ ...found, approval }, req.url));
  });
  return routes;
}

function isAssigned({ approver }: ReleaseApprovalView, wanted: string): boolean {
  if (!approver) return false;
  return [approver.uniqueName, approver.displayName, identityId(approver)].some(
    (one) => one.toLowerCase() === wanted,
  );
}
