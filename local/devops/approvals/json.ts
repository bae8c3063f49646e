import { identityId, identityJson } from '../identity.ts';
import type { ApprovalView } from '../builds.ts';

/** What an approval looks like on the wire; its steps come only when asked for (`$expand=steps`). */
export function approvalJson(approval: ApprovalView, base: string, expand: string | undefined): object {
  const self = `${base}/${approval.id}`;
  return {
    id: approval.id,
    ...(expand?.toLowerCase().includes('steps') && { steps: stepsJson(approval) }),
    status: approval.status,
    createdOn: approval.createdOn,
    lastModifiedOn: approval.decidedOn ?? approval.createdOn,
    executionOrder: 'anyOrder',
    minRequiredApprovers: 1,
    instructions: approval.instructions ?? '',
    blockedApprovers: [],
    pipeline: {
      owner: { id: approval.buildId, name: String(approval.buildId) },
      id: String(approval.buildId),
    },
    _links: { self: { href: self } },
  };
}

/** One step per approver asked; without a list of approvers, one for whoever answered. */
function stepsJson(approval: ApprovalView): object[] {
  const { decidedBy, decidedOn, comment, createdOn, status } = approval;
  const asked = approval.approvers.map((name) => ({ displayName: name, uniqueName: name }));
  const people = asked.length > 0 ? asked : decidedBy ? [decidedBy] : [];
  const answered = people.find((one) => decidedBy && identityId(one) === identityId(decidedBy)) ?? people[0];
  return people.map((person, index) => {
    const decided = person === answered && decidedBy !== undefined;
    return {
      assignedApprover: identityJson(person),
      ...(decided && { actualApprover: identityJson(decidedBy) }),
      status: decided ? status : 'pending',
      ...(decided && comment !== undefined && { comment }),
      ...(decided && { lastModifiedBy: identityJson(decidedBy) }),
      lastModifiedOn: (decided ? decidedOn : undefined) ?? createdOn,
      order: index + 1,
      initiatedOn: createdOn,
      history: [],
    };
  });
}
