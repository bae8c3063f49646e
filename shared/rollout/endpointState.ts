import type { JsonObject } from './json.ts';
import type { TrafficSplit } from './traffic.ts';

/** An endpoint as the service shows it now. */
export interface EndpointState {
  readonly name: string;
  readonly provisioningState: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly traffic: TrafficSplit;
  /** What a user can set, in REST form, without traffic and tags. */
  readonly settings: JsonObject;
  readonly deployments: readonly DeploymentState[];
}

export interface DeploymentState {
  /** In lower case. */
  readonly name: string;
  readonly provisioningState: string;
  readonly tags: Readonly<Record<string, string>>;
  /** In the same words as the wanted specification: see `describeBody`. */
  readonly specification: JsonObject;
}

/** What the user's files and inputs ask for. */
export interface Wanted {
  readonly endpoint: {
    readonly name: string;
    /** Undefined: the endpoint exists already and stays as it is. */
    readonly settings: JsonObject | undefined;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly deployment: {
    /** The name in the file; another is used when this one takes traffic. */
    readonly name: string;
    /** The whole deployment in words that do not change from run to run: content hashes instead of upload addresses. */
    readonly specification: JsonObject;
  };
  readonly rollout: RolloutWish;
  /** SHA-256 of the smoke test, when there is one. */
  readonly smokeTest?: string;
}

export type Strategy = 'all-at-once' | 'blue-green' | 'canary' | 'linear' | 'shadow';
export const STRATEGIES: readonly Strategy[] = ['all-at-once', 'blue-green', 'canary', 'linear', 'shadow'];

export interface RolloutWish {
  readonly strategy: Strategy;
  /** Percent for the new deployment, rising. */
  readonly steps: readonly number[];
  readonly bakeTimeInMinutes: number;
  /** How many earlier deployments stay, without traffic, for a rollback. */
  readonly keepPrevious: number;
  readonly limits: Limits;
}

/** What the new deployment may show while it bakes; a limit that is left out is not checked. */
export interface Limits {
  readonly maxErrorRatePercent?: number;
  readonly maxLatencyInMs?: number;
  readonly latencyPercentile?: 50 | 90 | 95 | 99;
  /** Fewer requests than this in the bake time fail the step: nothing was learnt. 0 lets an idle step pass. */
  readonly minimumRequests?: number;
}

/** A provisioning state that will not change by itself any more. */
export function isSettled(provisioningState: string): boolean {
  return ['succeeded', 'failed', 'canceled'].includes(provisioningState.toLowerCase());
}

export function hasSucceeded(provisioningState: string): boolean {
  return provisioningState.toLowerCase() === 'succeeded';
}
