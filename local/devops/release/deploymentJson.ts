import type { IssueView } from '../builds.ts';
import { identityJson } from '../identity.ts';
import type {
  DeploymentJobView,
  DeploymentView,
  EnvironmentView,
  GatesView,
  JsonObject,
  PhaseView,
  ReleaseTaskView,
  ReleaseView,
} from '../releases.ts';
import { releaseApprovalJson } from './approvalJson.ts';
import { shallow, type Links } from './links.ts';

/** One deployment as part of its stage. */
export function attemptJson(deployment: DeploymentView, logs: LogLinks): object {
  const requestedFor = identityJson(deployment.requestedFor);
  return {
    id: deployment.id,
    deploymentId: deployment.id,
    attempt: deployment.attempt,
    reason: deployment.reason,
    status: deployment.status,
    operationStatus: deployment.operationStatus,
    releaseDeployPhases: deployment.phases.map((one) => phaseJson(one, logs)),
    requestedBy: requestedFor,
    requestedFor,
    queuedOn: deployment.queuedOn,
    lastModifiedBy: requestedFor,
    lastModifiedOn: deployment.completedOn ?? deployment.startedOn ?? deployment.queuedOn,
    hasStarted: deployment.phases.length > 0,
    issues: deployment.issues.map(issueJson),
    preDeploymentGates: deployment.preGates && gatesJson(deployment.preGates, logs),
    postDeploymentGates: deployment.postGates && gatesJson(deployment.postGates, logs),
  };
}

/** One deployment on its own, with its release and stage. */
export function deploymentJson(
  deployment: DeploymentView,
  environment: EnvironmentView,
  release: ReleaseView,
  links: Links,
): JsonObject {
  const requestedFor = identityJson(deployment.requestedFor);
  const approvals = (type: 'preDeploy' | 'postDeploy'): object[] =>
    environment.approvals
      .filter((one) => one.type === type && one.attempt === deployment.attempt)
      .map((one) => releaseApprovalJson(one, environment, release, links));
  const { definition } = release;
  return {
    id: deployment.id,
    release: shallow(release.id, release.name, links.to('releases', release.id)),
    releaseDefinition: shallow(definition.id, definition.name, links.to('definitions', definition.id)),
    releaseEnvironment: shallow(
      environment.id,
      environment.name,
      links.to('releases', release.id, 'environments', environment.id),
    ),
    definitionEnvironmentId: Number(environment.definition['id'] ?? environment.rank),
    attempt: deployment.attempt,
    reason: deployment.reason,
    deploymentStatus: deployment.status,
    operationStatus: deployment.operationStatus,
    requestedBy: requestedFor,
    requestedFor,
    queuedOn: deployment.queuedOn,
    startedOn: deployment.startedOn,
    completedOn: deployment.completedOn,
    lastModifiedOn: deployment.completedOn ?? deployment.startedOn ?? deployment.queuedOn,
    lastModifiedBy: requestedFor,
    conditions: [],
    preDeployApprovals: approvals('preDeploy'),
    postDeployApprovals: approvals('postDeploy'),
  };
}

/** Where the log of a stage's task is read. */
export type LogLinks = (phase: string, task: number) => string;

function phaseJson(phase: PhaseView, logs: LogLinks): object {
  return {
    phaseId: phase.id,
    name: phase.name,
    rank: phase.rank,
    phaseType: phase.type,
    status: phase.status,
    runPlanId: phase.planId,
    startedOn: phase.startedOn,
    deploymentJobs: phase.jobs.map((job) => jobJson(job, (task) => logs(phase.id, task))),
    manualInterventions: [],
  };
}

/** All gates of one side, with every sample as a job. */
export function gatesJson(gates: GatesView, logs: LogLinks): object {
  return {
    id: gates.id,
    status: gates.status,
    runPlanId: gates.planId,
    startedOn: gates.startedOn,
    lastModifiedOn: gates.lastModifiedOn,
    stabilizationCompletedOn: gates.stabilizationCompletedOn,
    succeedingSince: gates.succeedingSince,
    ignoredGates: gates.ignored.map(({ name, on }) => ({ name, lastModifiedOn: on })),
    deploymentJobs: gates.samples.map((job) => jobJson(job, (task) => logs('0', task))),
  };
}

function jobJson({ job, tasks }: DeploymentJobView, log: (task: number) => string): object {
  return { job: taskJson(job, 0, log), tasks: tasks.map((task, index) => taskJson(task, index + 1, log)) };
}

function taskJson(task: ReleaseTaskView, id: number, log: (task: number) => string): object {
  return {
    id,
    timelineRecordId: task.recordId,
    name: task.name,
    rank: task.rank,
    status: task.status,
    startTime: task.startTime,
    finishTime: task.finishTime,
    percentComplete: task.percentComplete,
    agentName: task.agentName,
    issues: task.issues.map(issueJson),
    task: task.task,
    ...(task.log !== undefined && { logUrl: log(id) }),
  };
}

function issueJson({ type, message, data }: IssueView): object {
  return { issueType: type === 'error' ? 'Error' : 'Warning', message, data };
}
