import { variable } from './agent.ts';

/** What makes this step unique among all steps of all runs; the same again when the step is retried or the stage re-run. */
export interface StepIdentity {
  readonly collection: string;
  readonly project: string;
  /** `build/<id>` or `release/<id>`. */
  readonly run: string;
  readonly stage: string;
  readonly job: string;
  readonly step: string;
}

export function stepIdentity(): StepIdentity {
  const release = variable('Release.ReleaseId');
  return {
    collection: variable('System.CollectionUri') ?? variable('System.TeamFoundationCollectionUri') ?? '',
    project: variable('System.TeamProjectId') ?? variable('System.TeamProject') ?? '',
    run: release ? `release/${release}` : `build/${variable('Build.BuildId') ?? ''}`,
    stage: variable('System.StageName') ?? variable('Release.EnvironmentName') ?? '',
    // In YAML the job's name is the phase; System.JobName is `__default`, or the copy of a matrix.
    job: [variable('System.PhaseName'), variable('System.JobName') ?? variable('System.JobId')]
      .filter(Boolean)
      .join('/'),
    step: variable('System.TaskInstanceName') ?? variable('System.TaskInstanceId') ?? '',
  };
}

/** Where the code and the run come from, for tags and evidence. Only what the agent knows is present. */
export interface Lineage {
  readonly repository?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly pipeline?: string;
  readonly runId?: string;
  readonly runName?: string;
  readonly runUrl?: string;
  readonly reason?: string;
  readonly requestedFor?: string;
}

export function lineage(): Lineage {
  const collection = variable('System.CollectionUri') ?? variable('System.TeamFoundationCollectionUri');
  const project = variable('System.TeamProject');
  const buildId = variable('System.HostType') === 'build' ? variable('Build.BuildId') : undefined;
  const releaseUrl = variable('Release.ReleaseWebURL');
  const buildUrl =
    collection && project && buildId
      ? `${collection.replace(/\/+$/, '')}/${encodeURIComponent(project)}/_build/results?buildId=${buildId}`
      : undefined;
  return present({
    repository: stripUser(variable('Build.Repository.Uri')),
    commit: variable('Build.SourceVersion'),
    branch: variable('Build.SourceBranch'),
    pipeline: variable('Release.DefinitionName') ?? variable('Build.DefinitionName'),
    runId: variable('Release.ReleaseId') ?? buildId,
    runName: variable('Release.ReleaseName') ?? variable('Build.BuildNumber'),
    runUrl: releaseUrl ?? buildUrl,
    reason: variable('Release.Reason') ?? variable('Build.Reason'),
    requestedFor: variable('Release.RequestedFor') ?? variable('Build.RequestedFor'),
  });
}

/** A repository address may carry a user or a token before the @; neither belongs in a tag. */
function stripUser(url: string | undefined): string | undefined {
  return url?.replace(/^(https?:\/\/)[^@/]+@/, '$1');
}

function present(values: Record<string, string | undefined>): Lineage {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
