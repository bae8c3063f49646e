/** What the server shows of runs; the runner keeps them and answers here. Spelling is that of the REST API. */
export interface BuildSource {
  find(buildId: number): BuildView | undefined;
  approval(approvalId: string): ApprovalView | undefined;
  approvals(): readonly ApprovalView[];
}

export interface Person {
  readonly displayName: string;
  readonly uniqueName: string;
}

export type RecordResult =
  'succeeded' | 'succeededWithIssues' | 'failed' | 'canceled' | 'skipped' | 'abandoned';

export interface BuildView {
  readonly id: number;
  readonly number: string;
  /** Also the id of its timeline. */
  readonly planId: string;
  readonly definition: { readonly id: number; readonly name: string };
  readonly status: 'inProgress' | 'completed';
  readonly result: RecordResult | undefined;
  readonly queueTime: string;
  readonly startTime: string | undefined;
  readonly finishTime: string | undefined;
  readonly requestedFor: Person;
  readonly sourceBranch: string | undefined;
  readonly sourceVersion: string | undefined;
  readonly tags: readonly string[];
  readonly records: readonly TimelineView[];
  readonly artifacts: readonly ArtifactView[];
}

export interface TimelineView {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly type: 'Stage' | 'Checkpoint' | 'Checkpoint.Approval' | 'Phase' | 'Job' | 'Task';
  readonly name: string;
  readonly refName: string | undefined;
  readonly identifier: string;
  readonly state: 'pending' | 'inProgress' | 'completed';
  readonly result: RecordResult | undefined;
  readonly startTime: string | undefined;
  readonly finishTime: string | undefined;
  readonly order: number;
  readonly attempt: number;
  readonly percentComplete: number | undefined;
  readonly currentOperation: string | undefined;
  readonly issues: readonly IssueView[];
  readonly errorCount: number;
  readonly warningCount: number;
  readonly task: { readonly id: string; readonly name: string; readonly version: string } | undefined;
  readonly workerName: string | undefined;
  /** Absolute paths of files the record owns. */
  readonly log: string | undefined;
  readonly attachments: readonly AttachmentView[];
}

export interface IssueView {
  readonly type: 'error' | 'warning';
  readonly message: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface AttachmentView {
  readonly type: string;
  readonly name: string;
  readonly file: string;
}

export interface ArtifactView {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** A folder on this machine, or where a step said it lies. */
  readonly location: string;
}

export interface ApprovalView {
  readonly id: string;
  readonly buildId: number;
  readonly stage: string;
  readonly environment: string;
  readonly instructions: string | undefined;
  readonly approvers: readonly string[];
  readonly status: 'pending' | 'approved' | 'rejected' | 'canceled';
  readonly createdOn: string;
  readonly decidedOn: string | undefined;
  readonly decidedBy: Person | undefined;
  readonly comment: string | undefined;
}
