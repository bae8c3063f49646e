import type { AgentFolders } from '../../agent/folders.ts';
import { agentVariables, present, type Predefined } from '../../execute/predefined.ts';
import type { JobRecord, RunRecord, StageRecord } from '../../record/model.ts';
import type { ArtifactPlan, PhasePlan, ReleasePlan, ReleaseStagePlan } from '../plan.ts';
import type { ArtifactVersion } from '../versions.ts';

export interface ReleaseFacts {
  readonly run: RunRecord;
  readonly plan: ReleasePlan;
  readonly artifacts: readonly ArtifactVersion[];
  readonly stage: ReleaseStagePlan;
  readonly stageRecord: StageRecord;
  readonly projectId: string;
  readonly collectionUri: string;
}

const REASONS = {
  manual: 'Manual',
  continuousIntegration: 'ContinuousIntegration',
  schedule: 'Schedule',
  pullRequest: 'PullRequest',
} as const;

/** What every job of a stage sees of its release. */
export function releaseVariables(facts: ReleaseFacts): Predefined {
  const { run, plan, stage, stageRecord, projectId, collectionUri } = facts;
  const { requestedFor: user, release } = run;
  return present({
    'System.CollectionUri': collectionUri,
    'System.TeamFoundationCollectionUri': collectionUri,
    'System.TeamFoundationServerUri': collectionUri,
    'System.TaskDefinitionsUri': collectionUri,
    'System.TeamProject': run.project.name,
    'System.TeamProjectId': projectId,
    'System.CollectionId': projectId,
    'System.HostType': 'release',
    System: 'release',
    'System.ServerType': 'Hosted',
    'System.Culture': 'en-US',
    'Release.DefinitionId': String(plan.id),
    'Release.DefinitionName': plan.name,
    'Release.DefinitionEnvironmentId': String(stage.id),
    'Release.ReleaseId': String(run.id),
    'Release.ReleaseName': run.name,
    'Release.ReleaseUri': `vstfs:///ReleaseManagement/Release/${run.id}`,
    'Release.ReleaseWebURL': `${collectionUri}${projectId}/_release?releaseId=${run.id}&_a=release-summary`,
    'Release.ReleaseDescription': release?.description,
    'Release.Reason': REASONS[release?.reason ?? 'manual'],
    'Release.RequestedFor': user.displayName,
    'Release.RequestedForEmail': user.uniqueName,
    'Release.Deployment.RequestedFor': user.displayName,
    'Release.Deployment.StartTime': stageRecord.startTime,
    'Release.DeploymentID': String(deploymentId(run, stageRecord)),
    'Release.EnvironmentId': String(environmentId(run, stage)),
    'Release.EnvironmentName': stage.name,
    'Release.EnvironmentUri': `vstfs:///ReleaseManagement/Environment/${environmentId(run, stage)}`,
    'Release.AttemptNumber': String(stageRecord.attempt),
    ...Object.fromEntries(
      run.stages.map((one) => [`Release.Environments.${one.name}.Status`, statusOf(one)] as const),
    ),
    ...artifactVariables(facts),
  });
}

/** A stage of one release has an id of its own, which no other release's stages have. */
export function environmentId(run: RunRecord, stage: Pick<ReleaseStagePlan, 'rank'>): number {
  return run.id * 100 + stage.rank;
}

/** Every deployment, the first and those that follow, has its number. */
export function deploymentId(run: RunRecord, stage: StageRecord): number {
  return environmentId(run, { rank: stage.rank ?? 0 }) * 100 + stage.attempt;
}

export type EnvironmentStatus =
  'notStarted' | 'inProgress' | 'succeeded' | 'partiallySucceeded' | 'canceled' | 'rejected';

const STATUSES: Readonly<Record<string, EnvironmentStatus>> = {
  succeeded: 'succeeded',
  succeededWithIssues: 'partiallySucceeded',
  canceled: 'canceled',
  failed: 'rejected',
};

/** The status of a stage in the words of the release API. */
export function statusOf({ state, result }: Pick<StageRecord, 'state' | 'result'>): EnvironmentStatus {
  if (state === 'completed') return STATUSES[result ?? ''] ?? 'notStarted';
  return state === 'pending' ? 'notStarted' : 'inProgress';
}

/** `Release.Artifacts.<alias>.*` of all artifacts, and what the primary one fills in under `Build.*`. */
function artifactVariables({ plan, artifacts }: ReleaseFacts): Record<string, string | undefined> {
  const all = plan.artifacts.map((artifact) => {
    const version = artifacts.find(({ alias }) => alias === artifact.alias);
    return { artifact, facts: factsOf(artifact, version) };
  });
  const primary = all.find(({ artifact }) => artifact.isPrimary);
  return Object.fromEntries([
    ...all.flatMap(({ artifact, facts }) => named(`Release.Artifacts.${artifact.alias}.`, facts)),
    ...(primary ? named('Build.', primary.facts) : []),
    ['Release.PrimaryArtifactSourceAlias', primary?.artifact.alias],
  ]);
}

function named(prefix: string, facts: Readonly<Record<string, string | undefined>>) {
  return Object.entries(facts).map(([name, value]) => [`${prefix}${name}`, value] as const);
}

/** The artifact's definition and version under the names that were made for builds. */
function factsOf(
  { inputs, type }: ArtifactPlan,
  version: ArtifactVersion | undefined,
): Record<string, string | undefined> {
  const definition = inputs.get('definition');
  const branch = version?.branch ?? (inputs.get('branch')?.id || undefined);
  return {
    Type: type,
    DefinitionId: definition?.id,
    DefinitionName: definition?.name || definition?.id,
    BuildId: version?.id,
    BuildNumber: version?.name,
    SourceBranch: branch,
    SourceBranchName: branch?.split('/').pop(),
    SourceVersion: inputs.get('sourceVersion')?.id || undefined,
  };
}

export interface PhaseFacts {
  readonly run: RunRecord;
  readonly stage: StageRecord;
  readonly job: JobRecord;
  readonly phase: Pick<PhasePlan, 'refName' | 'name'>;
  readonly planId: string;
  readonly timeoutInMinutes: number;
  readonly oidcRequestUri: string;
}

/** What one job of a stage adds, with or without an agent. */
export function phaseVariables(facts: PhaseFacts): Predefined {
  const { run, stage, job, phase, planId, timeoutInMinutes, oidcRequestUri } = facts;
  return {
    'System.PlanId': planId,
    'System.TimelineId': planId,
    'System.JobId': job.id,
    'System.JobName': phase.refName,
    'System.JobDisplayName': job.displayName,
    'System.PhaseId': job.id,
    'System.PhaseName': phase.refName,
    'System.PhaseDisplayName': phase.name,
    'System.JobAttempt': '1',
    'System.JobTimeout': String(timeoutInMinutes),
    'System.OidcRequestUri': oidcRequestUri,
    'Release.DeployPhaseId': String(deploymentId(run, stage) * 100 + stage.jobs.indexOf(job) + 1),
    'Release.SkipArtifactsDownload': 'False',
  };
}

/** An agent's own; artifacts lie where work starts. */
export function releaseAgentVariables(
  job: JobRecord,
  folders: AgentFolders,
  skipArtifactsDownload: boolean,
): Predefined {
  return {
    ...agentVariables({ job, folders, instance: '__default' }),
    'Agent.ReleaseDirectory': folders.sources,
    'Agent.BuildDirectory': folders.build,
    'System.DefaultWorkingDirectory': folders.sources,
    'System.ArtifactsDirectory': folders.sources,
    'Release.SkipArtifactsDownload': skipArtifactsDownload ? 'True' : 'False',
    'Common.TestResultsDirectory': folders.testResults,
  };
}
