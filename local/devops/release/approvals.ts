import { Hono } from 'hono';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import { identityJson } from '../identity.ts';
import type { EnvironmentView, ReleaseApprovalView, ReleaseSource, ReleaseView } from '../releases.ts';
import { linksFor, shallow, type Links } from './links.ts';

/** The words of the API with the numbers its clients send for them. */
const STATUSES: Readonly<Record<ReleaseApprovalView['status'], string>> = {
  pending: '1',
  approved: '2',
  rejected: '4',
  canceled: '7',
  skipped: '8',
};
const TYPES: Readonly<Record<ReleaseApprovalView['type'], string>> = { preDeploy: '1', postDeploy: '2' };
const EITHER_TYPES = ['all', '3'];

/** Approvals of classic releases, to be read: who approved what, when, and with what words. */
export function releaseApprovalRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  routes.get('/approvals', ({ req, json }) => {
    const ids = req.query('releaseIdsFilter')?.split(',').map(Number);
    const status = req.query('statusFilter')?.toLowerCase() ?? 'pending';
    const type = req.query('typeFilter')?.toLowerCase() ?? 'all';
    const fits = (approval: ReleaseApprovalView): boolean =>
      [approval.status, STATUSES[approval.status]].includes(status) &&
      (EITHER_TYPES.includes(type) || [approval.type.toLowerCase(), TYPES[approval.type]].includes(type));
    const links = linksFor(req.url, context);
    const found = source
      .releases()
      .filter(({ id }) => ids === undefined || ids.includes(id))
      .flatMap((release) =>
        release.environments.flatMap((environment) =>
          environment.approvals
            .filter(fits)
            .map((approval) => releaseApprovalJson(approval, { release, environment, links })),
        ),
      );
    return json(listOf(found));
  });
  return routes;
}

interface Around {
  readonly release: ReleaseView;
  readonly environment: EnvironmentView;
  readonly links: Links;
}

function releaseApprovalJson(approval: ReleaseApprovalView, { release, environment, links }: Around): object {
  const { definition } = release;
  return {
    id: approval.id,
    revision: 1,
    ...(approval.approver && { approver: identityJson(approval.approver) }),
    ...(approval.approvedBy && { approvedBy: identityJson(approval.approvedBy) }),
    approvalType: approval.type,
    createdOn: approval.createdOn,
    modifiedOn: approval.modifiedOn,
    status: approval.status,
    comments: approval.comments,
    isAutomated: approval.isAutomated,
    isNotificationOn: true,
    trialNumber: 1,
    attempt: approval.attempt,
    rank: approval.rank,
    release: shallow(release.id, release.name, links.to('releases', release.id)),
    releaseDefinition: shallow(definition.id, definition.name, links.to('definitions', definition.id)),
    releaseEnvironment: {
      id: environment.id,
      name: environment.name,
      _links: {},
    },
    url: links.to('approvals', approval.id),
  };
}
