/** Statuses of a run, in the order a job goes through them. */
export type RunStatus =
  | 'NotStarted'
  | 'Preparing'
  | 'Queued'
  | 'Running'
  | 'Finalizing'
  | 'CancelRequested'
  | 'Completed'
  | 'Failed'
  | 'Canceled';

/** Why a run failed, as run history tells it. */
export interface RunError {
  /** Azure's class of error: `UserError`, `ServiceError`, `ImageBuildFailure`. */
  readonly code: string;
  readonly message: string;
}

/** One point of a metric, as MLflow logs it. `timestamp` in milliseconds since 1970. */
export interface MetricPoint {
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** What a run gave: the asset that its output became. */
export interface RunOutput {
  readonly assetId: string;
  /** For example `UriFolder`. */
  readonly type: string;
}

/** Who created a run: an object id and a name. */
export interface RunCreator {
  readonly objectId: string;
  readonly name: string;
}

/** A run of run history; an MLflow run is the same thing. */
export interface RunDocument {
  readonly runId: string;
  /** Counts up over all runs of the workspace. */
  readonly number: number;
  readonly experimentId: string;
  readonly experimentName: string;
  readonly rootRunId: string;
  readonly parentRunId?: string;
  readonly status: RunStatus;
  /** `azureml.scriptrun`, `azureml.PipelineRun`, `azureml.sweep`, or absent for a run that MLflow created. */
  readonly runType?: string;
  /** True for a run that a job leads: clients cannot change its status. */
  readonly ofJob: boolean;
  /** The job whose token created this run, when it was created from within a job. */
  readonly createdInRun?: string;
  readonly displayName: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** The latest point of every metric. */
  readonly metrics: Readonly<Record<string, MetricPoint>>;
  readonly outputs: Readonly<Record<string, RunOutput>>;
  readonly inputs: Readonly<Record<string, RunOutput>>;
  readonly target?: string;
  readonly createdUtc: string;
  readonly startTimeUtc?: string;
  readonly endTimeUtc?: string;
  readonly lastModifiedUtc: string;
  readonly createdBy: RunCreator;
  readonly error?: RunError;
  /** Datasets as MLflow logged them. */
  readonly datasetInputs?: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
  readonly deleted?: boolean;
}

const TERMINAL: readonly RunStatus[] = ['Completed', 'Failed', 'Canceled'];

/** Whether a run in this status changes no more. */
export function isTerminal(status: RunStatus): boolean {
  return TERMINAL.includes(status);
}

/** Where a run's artifacts lie in the artifact container. */
export function artifactPath(runId: string, path = ''): string {
  return `ExperimentRun/dcid.${runId}/${path}`;
}
