import type { Finding, Policy, Verdict, DataComparison, DataSource } from '../evaluation/index.ts';

/** Version of docs/schemas/evidence.schema.json. */
export const SCHEMA_VERSION = '1.0';

/** A number, or one of the three JSON cannot write. */
export type RecordedNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** Where the code came from. */
export interface SourceLineage {
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  /** The working copy had changes that no commit holds. */
  readonly dirty?: boolean;
}

/** The run that did it. */
export interface BuildLineage {
  readonly pipeline?: string;
  readonly runId?: string;
  readonly runName?: string;
  readonly runUrl?: string;
  readonly reason?: string;
  readonly requestedFor?: string;
}

export interface RecordedData extends DataSource {
  /** uri_file, uri_folder, mltable or a model type. */
  readonly type?: string;
}

/** How the candidate came about. */
export interface Trained {
  readonly jobName: string;
  readonly jobUrl?: string;
  readonly jobType?: string;
  readonly experimentName?: string;
  /** ARM id of the workspace the job ran in. */
  readonly workspaceId?: string;
  readonly status: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly source?: SourceLineage;
  readonly build?: BuildLineage;
  readonly data: readonly RecordedData[];
  readonly environment?: string;
  readonly code?: { readonly id?: string; readonly sha256?: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, RecordedNumber>>;
}

/** A model version, or the path of a model that was never registered. */
export interface ModelReference {
  readonly name?: string;
  readonly version?: string;
  readonly id: string;
  readonly registry?: string;
}

/** The model in use when the candidate was judged. */
export interface RecordedChampion {
  readonly model: ModelReference;
  /** How it was found. */
  readonly foundBy: 'endpoint' | 'tag' | 'version';
  readonly endpointName?: string;
  readonly deploymentName?: string;
  /** Percent of the endpoint's live traffic. */
  readonly traffic?: number;
  readonly jobName?: string;
  /** The champion's own record, when it has one. */
  readonly evidenceHash?: string;
}

/** Where the metrics of one side come from. */
export type MetricsOrigin = 'evidence' | 'job' | 'evaluation-job' | 'properties' | 'none';

/** What the judging found. */
export interface Judged {
  readonly candidate: { readonly jobName?: string; readonly model?: ModelReference };
  readonly policy: { readonly file?: string; readonly sha256: string; readonly rules: Policy };
  /** null: nothing was in use. */
  readonly champion: RecordedChampion | null;
  readonly verdict: Verdict;
  readonly passed: boolean;
  readonly reason: string;
  readonly data: DataComparison;
  readonly rows?: { readonly candidate?: number; readonly champion?: number };
  readonly metricsFrom: { readonly candidate: MetricsOrigin; readonly champion: MetricsOrigin };
  readonly evaluationJob?: { readonly name: string; readonly url?: string };
  readonly findings: readonly Finding[];
  readonly build?: BuildLineage;
}

export interface RecordedFile {
  /** Relative to the model's root, with forward slashes. */
  readonly path: string;
  readonly sizeInBytes: number;
  readonly sha256: string;
}

/** Which bytes became which model version. */
export interface Registered {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelId: string;
  readonly modelType: string;
  readonly registry?: string;
  /** Where the bytes came from: a job output, a run artifact or a local path. */
  readonly source: string;
  /** In the order of their paths. */
  readonly files: readonly RecordedFile[];
  /** `hashOfFiles` of the files. */
  readonly filesHash: string;
  readonly build?: BuildLineage;
}

/** Percent by deployment name. */
export interface RecordedTraffic {
  readonly live: Readonly<Record<string, number>>;
  readonly mirror: Readonly<Record<string, number>>;
}

/** One field that will change; a side that is left out has no such field. */
export interface RecordedChange {
  readonly resource: 'endpoint' | 'deployment';
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a deploy will do: what an approver sees before it happens. */
export interface Planned {
  readonly endpointName: string;
  readonly deploymentName: string;
  readonly action: string;
  readonly strategy: string;
  readonly model: ModelReference;
  /** `hashOfFiles` of the model's files, where they are known. */
  readonly filesHash?: string;
  readonly endpointChange: 'create' | 'update' | 'none';
  readonly deploymentChange: 'create' | 'update' | 'recreate' | 'none';
  readonly diff: readonly RecordedChange[];
  readonly before: RecordedTraffic;
  /** The traffic after each step. */
  readonly steps: readonly RecordedTraffic[];
  readonly bakeTimeInMinutes?: number;
  /** Deployments that are deleted at the end. */
  readonly deletes: readonly string[];
  readonly planHash: string;
  readonly build?: BuildLineage;
}

/** Who let it go live, as far as Azure DevOps tells. */
export interface Approver {
  readonly known: boolean;
  readonly name?: string;
  readonly at?: string;
  readonly comment?: string;
}

export interface TrafficChange {
  readonly at: string;
  readonly before: RecordedTraffic;
  readonly after: RecordedTraffic;
}

/** One request sent to the new deployment, or one look at its limits. */
export interface Probe {
  readonly name: string;
  readonly passed: boolean;
  readonly at?: string;
  readonly status?: number;
  readonly latencyInMs?: number;
  readonly reason?: string;
}

/** What the deploy did. */
export interface Deployed {
  readonly endpointName: string;
  readonly deploymentName: string;
  readonly action: string;
  readonly model?: ModelReference;
  readonly filesHash?: string;
  readonly planHash?: string;
  readonly approver: Approver;
  readonly trafficChanges: readonly TrafficChange[];
  readonly probes: readonly Probe[];
  readonly previousDeployment?: string;
  readonly scoringUri?: string;
  readonly result: 'succeeded' | 'rolled-back' | 'failed';
  readonly reason?: string;
  readonly build?: BuildLineage;
}

/** What each kind of link holds. */
export interface LinkContents {
  readonly trained: Trained;
  readonly judged: Judged;
  readonly registered: Registered;
  readonly planned: Planned;
  readonly deployed: Deployed;
}

export type LinkKind = keyof LinkContents;

/** What happened, when, and what came before it. */
export interface LinkOf<K extends LinkKind> {
  readonly kind: K;
  /** When it happened: the service's own time where it has one, so that a repeated task writes the same link again. ISO 8601, UTC. */
  readonly at: string;
  /** SHA-256 of the canonical form of the link before; null for the first. */
  readonly previous: string | null;
  readonly content: LinkContents[K];
}

export type EvidenceLink = { [K in LinkKind]: LinkOf<K> }[LinkKind];

/** The record of one candidate's way. It only ever grows. */
export interface EvidenceRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly links: readonly EvidenceLink[];
}

/** A record with its canonical text and the hash that names it. */
export interface SealedRecord {
  readonly record: EvidenceRecord;
  /** RFC 8785. */
  readonly text: string;
  /** SHA-256 of the text as UTF-8, lower-case hex. */
  readonly hash: string;
}
