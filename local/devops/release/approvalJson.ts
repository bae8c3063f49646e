import { identityJson } from '../identity.ts';
import type { EnvironmentView, ReleaseApprovalView, ReleaseView } from '../releases.ts';
import { shallow, type Links } from './links.ts';

/** What an approval of a stage looks like on the wire. */
export function releaseApprovalJson(
  approval: ReleaseApprovalView,
  environment: EnvironmentView,
  release: ReleaseView,
  links: Links,
): object {
  const { definition } = release;
  return {
    id: approval.id,
    revision: approval.status === 'pending' ? 1 : 2,
    approver: approval.approver && identityJson(approval.approver),
    approvedBy: approval.approvedBy && identityJson(approval.approvedBy),
    approvalType: approval.type,
    createdOn: approval.createdOn,
    modifiedOn: approval.modifiedOn,
    status: approval.status,
    comments: approval.comments,
    isAutomated: approval.isAutomated,
    isNotificationOn: false,
    attempt: approval.attempt,
    rank: approval.rank,
    history: [],
    release: shallow(release.id, release.name, links.to('releases', release.id)),
    releaseDefinition: shallow(definition.id, definition.name, links.to('definitions', definition.id)),
    releaseEnvironment: shallow(
      environment.id,
      environment.name,
      links.to('releases', release.id, 'environments', environment.id),
    ),
    url: links.to('approvals', approval.id),
  };
}
