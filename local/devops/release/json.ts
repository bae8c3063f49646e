import { identityJson } from '../identity.ts';
import type { EnvironmentView, JsonObject, ReleaseView } from '../releases.ts';
import { releaseApprovalJson } from './approvalJson.ts';
import { attemptJson } from './deploymentJson.ts';
import { shallow, type Links } from './links.ts';
import { variablesJson } from './variables.ts';

/** What a release looks like on the wire. */
export function releaseJson(
  release: ReleaseView,
  links: Links,
  project: { readonly id: string; readonly name: string },
): JsonObject {
  return {
    ...releaseReference(release, links),
    status: release.status,
    modifiedOn: release.modifiedOn,
    environments: release.environments.map((one) => environmentJson(one, release, links)),
    variables: variablesJson(release.variables),
    variableGroups: [],
    releaseNameFormat: release.definition.nameFormat,
    keepForever: release.keepForever,
    definitionSnapshotRevision: release.definition.revision,
    logsContainerUrl: links.to('releases', release.id, 'logs'),
    tags: release.tags,
    triggeringArtifactAlias: null,
    projectReference: project,
    properties: {},
  };
}

/** The members lists show: no environments, no variables. */
export function releaseReference(release: ReleaseView, links: Links): JsonObject {
  const url = links.to('releases', release.id);
  return {
    id: release.id,
    name: release.name,
    createdOn: release.createdOn,
    createdBy: identityJson(release.createdBy),
    modifiedBy: identityJson(release.modifiedBy),
    artifacts: release.artifacts,
    releaseDefinition: definitionReference(release, links),
    description: release.description,
    reason: release.reason,
    url,
    _links: { self: { href: url } },
  };
}

function definitionReference({ definition }: ReleaseView, links: Links): object {
  return { ...shallow(definition.id, definition.name, links.to('definitions', definition.id)), path: '\\' };
}

/** A stage of a release with its approvals and deployments. */
export function environmentJson(environment: EnvironmentView, release: ReleaseView, links: Links): object {
  const { definition } = environment;
  const approvals = (type: 'preDeploy' | 'postDeploy'): object[] =>
    environment.approvals
      .filter((one) => one.type === type)
      .map((one) => releaseApprovalJson(one, environment, release, links));
  const url = links.to('releases', release.id, 'environments', environment.id);
  return {
    id: environment.id,
    releaseId: release.id,
    name: environment.name,
    status: environment.status,
    variables: variablesJson(environment.variables),
    variableGroups: [],
    preDeployApprovals: approvals('preDeploy'),
    postDeployApprovals: approvals('postDeploy'),
    preApprovalsSnapshot: definition['preDeployApprovals'],
    postApprovalsSnapshot: definition['postDeployApprovals'],
    deploySteps: environment.attempts.map((one) =>
      attemptJson(one, (phase, task) => `${url}/deployPhases/${phase}/tasks/${task}/logs`),
    ),
    rank: environment.rank,
    definitionEnvironmentId: Number(definition['id'] ?? environment.rank),
    environmentOptions: definition['environmentOptions'],
    conditions: definition['conditions'] ?? [],
    deployPhasesSnapshot: definition['deployPhases'] ?? [],
    owner: definition['owner'],
    schedules: definition['schedules'] ?? [],
    release: shallow(release.id, release.name, links.to('releases', release.id)),
    releaseDefinition: definitionReference(release, links),
    releaseCreatedBy: identityJson(release.createdBy),
    triggerReason: environment.triggerReason,
    preDeploymentGatesSnapshot: definition['preDeploymentGates'],
    postDeploymentGatesSnapshot: definition['postDeploymentGates'],
  };
}
