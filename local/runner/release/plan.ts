import type { Place, ServerStepPlan, StepPlan, Text } from '../plan.ts';

/** An exported release definition as the runner understands it: what `read` makes and `execute` runs. */
export interface ReleasePlan {
  readonly file: string;
  readonly id: number;
  readonly name: string;
  readonly revision: number;
  /** `Release-$(Rev:r)` when the definition gives none. */
  readonly nameFormat: string;
  readonly variables: ScopedVariables;
  readonly artifacts: readonly ArtifactPlan[];
  /** When releases are made by themselves. */
  readonly schedules: readonly SchedulePlan[];
  /** By rank. */
  readonly stages: readonly ReleaseStagePlan[];
  /** What is done differently here, in sentences. */
  readonly notes: readonly string[];
  /** The definition as it was exported. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A time on days of the week. */
export interface SchedulePlan {
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  readonly hours: number;
  readonly minutes: number;
  /** IANA's name of the time zone. */
  readonly zone: string;
  readonly onlyWithChanges: boolean;
}

/** One scope of variables: the definition's, or a stage's. */
export type ScopedVariables = ReadonlyMap<string, ScopedVariable>;

export interface ScopedVariable {
  /** undefined: a secret, which an export leaves out. */
  readonly value: string | undefined;
  readonly isSecret: boolean;
  readonly allowOverride: boolean;
}

export interface ArtifactPlan {
  readonly alias: string;
  /** The id of the artifact type: `Build`, or what an extension brings. */
  readonly type: string;
  readonly isPrimary: boolean;
  readonly sourceId: string;
  /** The inputs of the artifact type, with what the editor shows for them. */
  readonly inputs: ReadonlyMap<string, ArtifactInput>;
  readonly place: Place;
}

export interface ArtifactInput {
  readonly id: string;
  readonly name: string;
}

export interface ReleaseStagePlan {
  readonly name: string;
  /** Its id in the definition. */
  readonly id: number;
  readonly rank: number;
  readonly variables: ScopedVariables;
  readonly trigger: StageTrigger;
  /** A stage whose trigger has come waits for the next of these times. */
  readonly schedules: readonly SchedulePlan[];
  readonly before: StageChecks;
  readonly after: StageChecks;
  /** By rank. */
  readonly phases: readonly PhasePlan[];
  readonly place: Place;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What starts a stage; all conditions must hold. Without any, it is started by hand. */
export interface StageTrigger {
  readonly kind: 'manual' | 'release' | 'stages';
  readonly stages: readonly StageCondition[];
  readonly artifacts: readonly ArtifactCondition[];
}

export interface StageCondition {
  readonly stage: string;
  readonly statuses: readonly StageStatus[];
}

/** The status words of a stage that conditions may name. */
export type StageStatus = 'succeeded' | 'partiallySucceeded' | 'rejected' | 'canceled';

export interface ArtifactCondition {
  readonly alias: string;
  /** Branches as the definition writes them; `-` before one keeps it out. Empty: any. */
  readonly branch: string;
  /** All of them must be on the version. */
  readonly tags: readonly string[];
}

/** Approvals and gates before or after a deployment. */
export interface StageChecks {
  /** Who must approve, by rank; empty when it is automatic. */
  readonly approvers: readonly ApproverPlan[];
  /** 0: all of them, one after the other; else any so many. */
  readonly requiredApprovers: number;
  readonly creatorMayApprove: boolean;
  readonly skippedWhenApprovedBefore: boolean;
  readonly timeoutInMinutes: number;
  readonly order: 'beforeGates' | 'afterSuccessfulGates' | 'afterGatesAlways';
  readonly gates: GatesPlan | undefined;
}

export interface ApproverPlan {
  readonly rank: number;
  readonly displayName: string;
  readonly uniqueName: string;
}

/** Times in minutes. */
export interface GatesPlan {
  readonly stabilizationTime: number;
  readonly samplingInterval: number;
  readonly minimumSuccessDuration: number;
  readonly timeout: number;
  readonly gates: readonly GatePlan[];
}

/** A gate is green when all its tasks succeed. */
export interface GatePlan {
  readonly name: string;
  readonly tasks: readonly ServerStepPlan[];
}

interface PhaseCommon {
  readonly name: string;
  /** Its name in file and folder names, and in conditions. */
  readonly refName: string;
  readonly rank: number;
  readonly condition: Text | undefined;
  /** May hold `$( )`; 0 means no limit. */
  readonly timeoutInMinutes: Text;
  readonly cancelTimeoutInMinutes: Text;
  /** undefined: one job. */
  readonly copies: PhaseCopies | undefined;
  readonly place: Place;
}

/** A job in several copies: one for each combination of the values that variables list, or just so many. */
export interface PhaseCopies {
  readonly multipliers: readonly string[];
  /** How many run side by side; without multipliers, how many there are. 0: no limit. */
  readonly most: number;
}

export interface AgentPhasePlan extends PhaseCommon {
  readonly kind: 'agent';
  readonly downloads: readonly DownloadPlan[];
  readonly skipArtifactsDownload: boolean;
  /** Whether scripts may use System.AccessToken. */
  readonly enableAccessToken: boolean;
  readonly steps: readonly StepPlan[];
}

/** What a phase takes of an artifact; one that is not named is taken whole. */
export interface DownloadPlan {
  readonly alias: string;
  readonly mode: 'all' | 'selective' | 'skip';
  readonly items: readonly string[];
}

export interface ServerPhasePlan extends PhaseCommon {
  readonly kind: 'server';
  readonly steps: readonly ServerStepPlan[];
}

export type PhasePlan = AgentPhasePlan | ServerPhasePlan;
