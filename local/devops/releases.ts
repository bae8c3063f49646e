import type { AttachmentView, IssueView, Person } from './builds.ts';

/** What the server shows of classic releases, and what callers may change; the runner keeps them and answers here. */
export interface ReleaseSource {
  releases(): readonly ReleaseView[];
  /** Definitions as they were exported. */
  definitions(): readonly JsonObject[];
  /** Whether the identity of jobs has the right "Manage releases". */
  readonly mayManage: boolean;
  /** Makes a release and returns its number; left out where a run's own jobs are the only callers. */
  create?(wanted: NewRelease): Promise<number>;
  /** Replaces what the change names; the service tells nobody about a conflict, and neither does this. */
  update(releaseId: number, change: ReleaseChange): void;
  /** Starts a deployment, the first or another one; `variables` replace those of the stage that may be overridden. */
  deploy(releaseId: number, environmentId: number, variables: ReleaseVariables): void;
  /** false when the approval does not wait any longer. */
  answer(approvalId: number, answer: ApprovalAnswer): boolean;
  /** false when the gates are not being sampled. */
  ignoreGates(gatesId: number, names: readonly string[], comment: string | undefined): boolean;
}

export interface ApprovalAnswer {
  readonly status: 'approved' | 'rejected';
  readonly by: Person;
  readonly comment: string | undefined;
}

/** JSON whose meaning is the service's own: handed through as it came. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ReleaseVariable {
  readonly value: string;
  readonly isSecret: boolean;
  readonly allowOverride: boolean;
}

export type ReleaseVariables = Readonly<Record<string, ReleaseVariable>>;

export interface ReleaseChange {
  readonly name?: string;
  readonly description?: string;
  readonly status?: ReleaseView['status'];
  readonly keepForever?: boolean;
  readonly tags?: readonly string[];
  readonly variables?: ReleaseVariables;
  /** By the environment's id. */
  readonly environmentVariables?: ReadonlyMap<number, ReleaseVariables>;
}

export type ReleaseReason = 'none' | 'manual' | 'continuousIntegration' | 'schedule' | 'pullRequest';

/** A release somebody asks for. */
export interface NewRelease {
  readonly definitionId: number;
  /** The version of an artifact, by its alias. */
  readonly artifacts: Readonly<Record<string, string>>;
  readonly variables: ReleaseVariables;
  /** By the stage's id in the definition. */
  readonly stageVariables: ReadonlyMap<number, ReleaseVariables>;
  readonly reason: ReleaseReason | undefined;
  readonly description: string;
  /** Stages that are started by hand, whatever the definition says. */
  readonly manualStages: readonly string[];
  /** Nothing starts. */
  readonly isDraft: boolean;
}

export interface ReleaseView {
  readonly reason: ReleaseReason;
  readonly id: number;
  readonly name: string;
  readonly status: 'draft' | 'active' | 'abandoned';
  readonly description: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly createdBy: Person;
  readonly modifiedBy: Person;
  readonly keepForever: boolean;
  readonly tags: readonly string[];
  readonly variables: ReleaseVariables;
  /** Artifacts with the version taken, in the service's own shape. */
  readonly artifacts: readonly JsonObject[];
  readonly definition: {
    readonly id: number;
    readonly name: string;
    readonly revision: number;
    readonly nameFormat: string;
  };
  readonly environments: readonly EnvironmentView[];
}

export interface EnvironmentView {
  readonly id: number;
  readonly name: string;
  readonly rank: number;
  readonly status:
    'notStarted' | 'inProgress' | 'succeeded' | 'partiallySucceeded' | 'canceled' | 'rejected' | 'queued';
  readonly variables: ReleaseVariables;
  readonly triggerReason: string;
  /** The stage of the definition this was made from. */
  readonly definition: JsonObject;
  readonly approvals: readonly ReleaseApprovalView[];
  /** Oldest first. */
  readonly attempts: readonly DeploymentView[];
}

export interface ReleaseApprovalView {
  readonly id: number;
  readonly type: 'preDeploy' | 'postDeploy';
  readonly status: 'pending' | 'approved' | 'rejected' | 'canceled' | 'skipped';
  readonly approver: Person | undefined;
  readonly approvedBy: Person | undefined;
  readonly comments: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly isAutomated: boolean;
  readonly rank: number;
  readonly attempt: number;
}

/** One deployment to an environment: the first, or a redeployment. */
export interface DeploymentView {
  readonly id: number;
  readonly attempt: number;
  readonly status: 'notDeployed' | 'inProgress' | 'succeeded' | 'partiallySucceeded' | 'failed';
  readonly operationStatus: OperationStatus;
  readonly reason: 'manual' | 'automated';
  readonly queuedOn: string;
  readonly startedOn: string | undefined;
  readonly completedOn: string | undefined;
  readonly requestedFor: Person;
  readonly phases: readonly PhaseView[];
  readonly preGates: GatesView | undefined;
  readonly postGates: GatesView | undefined;
  readonly issues: readonly IssueView[];
}

export type OperationStatus =
  | 'undefined'
  | 'pending'
  | 'rejected'
  | 'evaluatingGates'
  | 'gateFailed'
  | 'phaseInProgress'
  | 'phaseSucceeded'
  | 'phasePartiallySucceeded'
  | 'phaseFailed'
  | 'phaseCanceled'
  | 'canceled'
  | 'approved'
  | 'manualInterventionPending';

export interface PhaseView {
  readonly id: string;
  readonly name: string;
  readonly rank: number;
  readonly type: 'agentBasedDeployment' | 'runOnServer';
  readonly status:
    'notStarted' | 'inProgress' | 'partiallySucceeded' | 'succeeded' | 'failed' | 'canceled' | 'skipped';
  /** Also the id of its timeline. */
  readonly planId: string;
  readonly startedOn: string | undefined;
  readonly jobs: readonly DeploymentJobView[];
}

export interface DeploymentJobView {
  readonly job: ReleaseTaskView;
  readonly tasks: readonly ReleaseTaskView[];
}

export interface ReleaseTaskView {
  readonly recordId: string;
  readonly name: string;
  readonly rank: number;
  readonly status:
    'pending' | 'inProgress' | 'succeeded' | 'partiallySucceeded' | 'failed' | 'canceled' | 'skipped';
  readonly startTime: string | undefined;
  readonly finishTime: string | undefined;
  readonly percentComplete: number | undefined;
  readonly issues: readonly IssueView[];
  readonly task: { readonly id: string; readonly name: string; readonly version: string } | undefined;
  readonly agentName: string;
  /** Absolute paths of files the record owns. */
  readonly log: string | undefined;
  readonly attachments: readonly AttachmentView[];
}

export interface GatesView {
  readonly id: number;
  readonly status: 'pending' | 'inProgress' | 'succeeded' | 'failed' | 'canceled';
  readonly planId: string;
  readonly startedOn: string;
  readonly lastModifiedOn: string;
  readonly stabilizationCompletedOn: string | undefined;
  readonly succeedingSince: string | undefined;
  readonly ignored: readonly { readonly name: string; readonly on: string }[];
  /** One per sample, oldest first: a task per gate. */
  readonly samples: readonly DeploymentJobView[];
}
