import { workspaceId, type WorkspaceContext } from '../../context.ts';
import type {
  ExperimentDocument,
  MetricPoint,
  RunDocument,
  RunStatus,
} from '../../engine/jobs/records/index.ts';
import { jsonNumber, pairsOf } from './parameters.ts';

/** MLflow's words for the status of a run. */
export function mlflowStatus(status: RunStatus): 'SCHEDULED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED' {
  switch (status) {
    case 'NotStarted':
    case 'Preparing':
    case 'Queued':
      return 'SCHEDULED';
    case 'Running':
    case 'Finalizing':
    case 'CancelRequested':
      return 'RUNNING';
    case 'Completed':
      return 'FINISHED';
    case 'Failed':
      return 'FAILED';
    case 'Canceled':
      return 'KILLED';
  }
}

/** And back; undefined for a word that MLflow does not have. */
export function runStatus(word: string): RunStatus | undefined {
  switch (word.toUpperCase()) {
    case 'SCHEDULED':
      return 'NotStarted';
    case 'RUNNING':
      return 'Running';
    case 'FINISHED':
      return 'Completed';
    case 'FAILED':
      return 'Failed';
    case 'KILLED':
      return 'Canceled';
    default:
      return undefined;
  }
}

/** A run with its latest metrics, its parameters and tags. */
export function showRun(context: WorkspaceContext, run: RunDocument): object {
  return {
    info: showRunInfo(context, run),
    data: {
      metrics: Object.entries(run.metrics).map(([key, point]) => showPoint(key, point)),
      params: pairsOf(run.params),
      tags: pairsOf(mlflowTags(run)),
    },
    inputs: { dataset_inputs: run.datasetInputs ?? [] },
  };
}

export function showRunInfo(context: WorkspaceContext, run: RunDocument): object {
  const end = run.endTimeUtc === undefined ? {} : { end_time: Date.parse(run.endTimeUtc) };
  return {
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.displayName,
    experiment_id: run.experimentId,
    user_id: run.createdBy.objectId,
    status: mlflowStatus(run.status),
    start_time: Date.parse(run.startTimeUtc ?? run.createdUtc),
    ...end,
    artifact_uri: artifactUri(context, run),
    lifecycle_stage: run.deleted ? 'deleted' : 'active',
  };
}

/** The form that Azure's plugin takes apart: it finds experiment and run in it. */
export function artifactUri(
  { identity, urls }: WorkspaceContext,
  { experimentId, runId }: RunDocument,
): string {
  return `azureml://${new URL(urls.api).host}/mlflow/v2.0${workspaceId(identity)}/experiments/${experimentId}/runs/${runId}/artifacts`;
}

/** The run's own tags, and what MLflow keeps in tags that run history keeps elsewhere. */
export function mlflowTags(run: RunDocument): Record<string, string> {
  const fromProperties = Object.entries(run.properties).filter(([key]) => key.startsWith('mlflow.'));
  return {
    ...Object.fromEntries(fromProperties),
    'mlflow.user': run.createdBy.name,
    'mlflow.rootRunId': run.rootRunId,
    ...(run.parentRunId === undefined ? {} : { 'mlflow.parentRunId': run.parentRunId }),
    ...run.tags,
    'mlflow.runName': run.displayName,
  };
}

export function showPoint(key: string, { value, timestamp, step }: MetricPoint): object {
  return { key, value: jsonNumber(value), timestamp, step };
}

export function showExperiment(context: WorkspaceContext, experiment: ExperimentDocument): object {
  const { identity, urls } = context;
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: `azureml://${new URL(urls.api).host}/mlflow/v2.0${workspaceId(identity)}/experiments/${experiment.id}`,
    lifecycle_stage: experiment.deleted ? 'deleted' : 'active',
    creation_time: Date.parse(experiment.createdUtc),
    last_update_time: Date.parse(experiment.lastModifiedUtc),
    tags: pairsOf(experiment.tags),
  };
}
