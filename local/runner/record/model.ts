/** What `run.json` holds; its schema is docs/schemas/run.schema.json. Times are ISO 8601 in UTC, paths relative to the file. */
export interface RunRecord extends Timed {
  readonly schemaVersion: 1;
  /** The build id. */
  readonly id: number;
  /** The run's name (Build.BuildNumber); a step may change it. */
  name: string;
  readonly pipeline: { readonly name: string; readonly file: string };
  readonly project: { readonly organization: string; readonly name: string };
  readonly source: { readonly repository: string; readonly branch?: string; readonly commit?: string };
  readonly requestedFor: { readonly displayName: string; readonly uniqueName: string };
  /** `waiting`: stopped until somebody answers an approval. */
  state: 'inProgress' | 'waiting' | 'completed';
  result?: RecordResult;
  /** What started the run; left out for by hand. */
  readonly reason?: 'resourceTrigger';
  /** The plan and timeline the run's REST addresses use. */
  readonly planId: string;
  variables: VariableRecord[];
  readonly issues: IssueRecord[];
  readonly tags: string[];
  readonly artifacts: ArtifactRecord[];
  readonly stages: StageRecord[];
  /** There for a classic release; `variables` are then those of the release. */
  readonly release?: ReleaseRecord;
}

export interface ReleaseRecord {
  readonly definitionId: number;
  readonly definitionRevision: number;
  readonly nameFormat: string;
  /** What made the release; left out for by hand. */
  readonly reason?: 'continuousIntegration' | 'schedule' | 'pullRequest';
  description: string;
  status: 'draft' | 'active' | 'abandoned';
  keepForever: boolean;
  modifiedOn: string;
  /** The versions that were taken when the release was made. */
  readonly artifacts: readonly ArtifactVersionRecord[];
}

export interface ArtifactVersionRecord {
  readonly alias: string;
  readonly type: string;
  readonly definition: string;
  readonly version: string;
  readonly isPrimary: boolean;
}

export type RecordResult =
  'succeeded' | 'succeededWithIssues' | 'failed' | 'canceled' | 'skipped' | 'abandoned';

interface Timed {
  startTime?: string;
  finishTime?: string;
  durationInMs?: number;
}

export interface StageRecord extends Timed {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  /** Counts from 1; a stage that was interrupted starts over as the next attempt. */
  attempt: number;
  state: 'pending' | 'waiting' | 'inProgress' | 'completed';
  result?: RecordResult;
  readonly issues: IssueRecord[];
  approvals: ApprovalRecord[];
  jobs: JobRecord[];
  /** The rest is there for the stages of a classic release. */
  rank?: number;
  trigger?: 'manual' | 'automated';
  gates?: GatesRecord[];
  /** How the jobs ended; checks after the deployment may still be open. */
  deployed?: RecordResult;
  /** The stage's own variables. */
  variables?: VariableRecord[];
  /** Earlier deployments to this stage, oldest first. */
  earlier?: AttemptRecord[];
}

/** A deployment that was followed by another one. */
export type AttemptRecord = Pick<StageRecord, 'attempt' | 'approvals' | 'jobs' | 'issues'> &
  Partial<
    Pick<
      StageRecord,
      'result' | 'startTime' | 'finishTime' | 'durationInMs' | 'gates' | 'deployed' | 'trigger'
    >
  >;

/** Gates on one side of a deployment. */
export interface GatesRecord {
  readonly id: number;
  readonly when: 'before' | 'after';
  /** The job whose steps are the gates. */
  readonly jobId: string;
  status: 'pending' | 'inProgress' | 'succeeded' | 'failed' | 'canceled';
  readonly startedOn: string;
  lastModifiedOn: string;
  stabilizationCompletedOn?: string;
  succeedingSince?: string;
  readonly ignored: { readonly name: string; readonly on: string; readonly comment?: string }[];
  readonly samples: SampleRecord[];
}

export interface SampleRecord {
  readonly time: string;
  readonly results: readonly {
    readonly gate: string;
    readonly result: RecordResult;
    readonly message?: string;
  }[];
}

export interface ApprovalRecord {
  /** Also the id of the timeline's approval checkpoint. */
  readonly id: string;
  readonly environment: string;
  readonly instructions?: string;
  readonly approvers: readonly string[];
  status: 'pending' | 'approved' | 'rejected' | 'canceled' | 'skipped';
  readonly createdOn: string;
  /** The job whose task asks a person; such a question is none of the stage's checks. */
  readonly job?: string;
  /** In a classic release: before or after the deployment, and whose turn it is. */
  readonly when?: 'before' | 'after';
  readonly rank?: number;
  decidedOn?: string;
  decidedBy?: { readonly displayName: string; readonly uniqueName: string };
  comment?: string;
}

export interface JobRecord extends Timed {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  /** `server` and `gates`: work without an agent, in a classic release. */
  readonly kind: 'job' | 'deployment' | 'server' | 'gates';
  readonly dependsOn: readonly string[];
  /** In a classic release every job has a plan, and a timeline, of its own. */
  readonly planId?: string;
  environment?: string;
  state: 'pending' | 'inProgress' | 'completed';
  result?: RecordResult;
  /** The variables the job's steps started with and what they set, secrets masked. */
  variables: VariableRecord[];
  readonly issues: IssueRecord[];
  readonly steps: StepRecord[];
}

export interface StepRecord extends Timed {
  readonly id: string;
  readonly refName: string;
  displayName: string;
  readonly kind: 'task' | 'script' | 'publish' | 'download' | 'checkout';
  readonly task?: { readonly id: string; readonly name: string; readonly version: string };
  /** The hook of a deployment job the step belongs to. */
  readonly hook?: string;
  state: 'pending' | 'inProgress' | 'completed';
  result?: RecordResult;
  percentComplete?: number;
  currentOperation?: string;
  /** At most ten errors and ten warnings are kept, all are counted. */
  readonly issues: IssueRecord[];
  errorCount: number;
  warningCount: number;
  log?: string;
  readonly attachments: AttachmentRecord[];
  readonly outputs: VariableRecord[];
  readonly details: DetailRecord[];
}

export interface VariableRecord {
  readonly name: string;
  /** `***` for a secret. */
  readonly value: string;
  readonly isSecret: boolean;
}

export interface IssueRecord {
  readonly type: 'error' | 'warning';
  readonly message: string;
  readonly sourcePath?: string;
  readonly line?: number;
  readonly column?: number;
  readonly code?: string;
}

export interface AttachmentRecord {
  readonly type: string;
  readonly name: string;
  readonly file: string;
}

export interface ArtifactRecord {
  readonly name: string;
  readonly type: string;
  /** The artifact's folder, for those kept here. */
  readonly folder?: string;
  /** Where it lies, for those a step only pointed at. */
  readonly location?: string;
}

export interface DetailRecord {
  readonly id: string;
  readonly parentId?: string;
  readonly type?: string;
  readonly name?: string;
  readonly order?: number;
  readonly startTime?: string;
  readonly finishTime?: string;
  readonly progress?: number;
  readonly state?: string;
  readonly result?: RecordResult;
}
