import type { AzureML } from '../../azureml/index.ts';
import type { DeployRequest } from './request.ts';
import type { SmokeTest } from '../../rollout/smoke/smokeTest.ts';

/** Where a rollout speaks to its reader. */
export interface RolloutLog {
  info(line: string): void;
  warning(line: string): void;
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  progress(percent: number, activity: string): void;
}

/** What carrying out a rollout needs from outside. */
export interface RolloutSetting {
  readonly client: AzureML;
  readonly log: RolloutLog;
  readonly abortSignal: AbortSignal;
  readonly now: () => Date;
  readonly endpointName: string;
  /** Undefined for promote and rollback, which send nothing new. */
  readonly request: DeployRequest | undefined;
  readonly smokeTest: SmokeTest | undefined;
  readonly maskSecret: (secret: string) => void;
}
