import { arch, hostname } from 'node:os';
import path from 'node:path';
import type { AgentFolders } from '../agent/folders.ts';
import type { JobRecord, RunRecord, StageRecord } from '../record/model.ts';
import type { Source } from './source.ts';

/** Predefined variables; the agent treats their names as read-only. */
export type Predefined = Readonly<Record<string, string>>;

/** Tasks that ask for a minimum agent compare with this: one that knows the Node24 handler. */
const AGENT_VERSION = '4.260.0';

/** What is known before a run starts, and what `${{ variables }}` may use. */
export function sourceVariables(source: Source): Predefined {
  const branch = source.branch;
  return present({
    'Build.SourceBranch': branch,
    'Build.SourceBranchName': branch?.split('/').pop(),
    'Build.SourceVersion': source.commit,
    'Build.SourceVersionMessage': source.message,
    'Build.SourceVersionAuthor': source.author,
    'Build.Repository.Name': path.basename(source.remote?.replace(/\.git$/, '') ?? source.repository),
    'Build.Repository.Uri': source.remote ?? source.repository,
    'Build.Repository.Provider': source.remote?.includes('github.com') ? 'GitHub' : 'Git',
    'Build.Reason': 'Manual',
  });
}

export interface RunFacts {
  readonly run: RunRecord;
  readonly source: Source;
  readonly projectId: string;
  readonly collectionUri: string;
}

export function runVariables({ run, source, projectId, collectionUri }: RunFacts): Predefined {
  const { requestedFor: user } = run;
  return {
    ...sourceVariables(source),
    ...(run.reason && { 'Build.Reason': 'ResourceTrigger' }),
    'System.CollectionUri': collectionUri,
    'System.TeamFoundationCollectionUri': collectionUri,
    'System.TeamFoundationServerUri': collectionUri,
    'System.TaskDefinitionsUri': collectionUri,
    'System.TeamProject': run.project.name,
    'System.TeamProjectId': projectId,
    'System.CollectionId': projectId,
    'System.HostType': 'build',
    System: 'build',
    'System.ServerType': 'Hosted',
    'System.IsScheduled': 'False',
    'System.Culture': 'en-US',
    'System.DefinitionId': '1',
    'System.DefinitionName': run.pipeline.name,
    'System.PlanId': run.planId,
    'System.TimelineId': run.planId,
    'System.PipelineStartTime': (run.startTime ?? '').replace('T', ' ').replace(/\.\d+Z$/, '+00:00'),
    'System.EnableAccessToken': 'SecretVariable',
    'Build.BuildId': String(run.id),
    'Build.BuildNumber': run.name,
    'Build.BuildUri': `vstfs:///Build/Build/${run.id}`,
    'Build.ContainerId': String(run.id),
    'Build.DefinitionName': run.pipeline.name,
    'Build.DefinitionVersion': '1',
    'Build.Repository.Id': source.remote ?? source.repository,
    'Build.Repository.Clean': 'False',
    'Build.Repository.Git.SubmoduleCheckout': 'False',
    'Build.QueuedBy': user.displayName,
    'Build.RequestedFor': user.displayName,
    'Build.RequestedForEmail': user.uniqueName,
  };
}

export interface JobFacts {
  readonly stage: StageRecord;
  readonly job: JobRecord;
  /** The name the pipeline gives the job; copies of one job share it. */
  readonly phase: string;
  /** `__default`, the copy's name, or the hook of a deployment. */
  readonly instance: string;
  readonly timeoutInMinutes: number;
  readonly folders: AgentFolders;
  readonly oidcRequestUri: string;
}

export function jobVariables(facts: JobFacts): Predefined {
  return {
    ...placeVariables(facts),
    ...agentVariables(facts),
    ...folderVariables(facts.folders),
    ...environmentVariables(facts.job),
  };
}

/** Where in its run a job is, with or without an agent. */
export function placeVariables(facts: Omit<JobFacts, 'folders'>): Predefined {
  const { stage, job, phase, instance, timeoutInMinutes } = facts;
  return {
    'System.StageId': stage.id,
    'System.StageName': stage.name,
    'System.StageDisplayName': stage.displayName,
    'System.StageAttempt': String(stage.attempt),
    'System.PhaseId': job.id,
    'System.PhaseName': phase,
    'System.PhaseDisplayName': job.displayName,
    'System.PhaseAttempt': '1',
    'System.JobId': job.id,
    'System.JobName': instance,
    'System.JobDisplayName': job.displayName,
    'System.JobAttempt': '1',
    // The one stage of a pipeline without stages stays out of it.
    'System.JobIdentifier': [stage.name, phase, instance].slice(stage.name === '__default' ? 1 : 0).join('.'),
    'System.JobPositionInPhase': '1',
    'System.TotalJobsInPhase': '1',
    'System.JobTimeout': String(timeoutInMinutes),
    'System.OidcRequestUri': facts.oidcRequestUri,
  };
}

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'Windows_NT', darwin: 'Darwin' };

/** What an agent says of itself. */
export function agentVariables({
  job,
  folders,
  instance,
}: Pick<JobFacts, 'job' | 'folders' | 'instance'>): Predefined {
  return {
    'Agent.Id': '1',
    'Agent.Name': 'local',
    'Agent.MachineName': hostname(),
    'Agent.HomeDirectory': folders.root,
    'Agent.RootDirectory': folders.work,
    'Agent.WorkFolder': folders.work,
    'System.WorkFolder': folders.work,
    'Agent.TempDirectory': folders.temp,
    'Agent.ToolsDirectory': folders.tools,
    'Agent.BuildDirectory': folders.build,
    'Agent.OS': SYSTEMS[process.platform] ?? 'Linux',
    'Agent.OSArchitecture': arch().toUpperCase(),
    'Agent.Version': AGENT_VERSION,
    'Agent.JobName': instance === '__default' ? job.displayName : instance,
    'Agent.IsSelfHosted': '1',
  };
}

function folderVariables(folders: AgentFolders): Predefined {
  return {
    'Pipeline.Workspace': folders.build,
    'System.DefaultWorkingDirectory': folders.sources,
    'System.ArtifactsDirectory': folders.staging,
    'Build.SourcesDirectory': folders.sources,
    'Build.Repository.LocalPath': folders.sources,
    'Build.StagingDirectory': folders.staging,
    'Build.ArtifactStagingDirectory': folders.staging,
    'Build.BinariesDirectory': folders.binaries,
    'Common.TestResultsDirectory': folders.testResults,
  };
}

function environmentVariables({ kind, environment }: JobRecord): Predefined {
  if (kind !== 'deployment') return {};
  return present({ 'Strategy.Name': 'runOnce', 'Environment.Name': environment || undefined });
}

/** Leaves out what has no value. */
export function present(values: Readonly<Record<string, string | undefined>>): Predefined {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
