import type { BuildSource } from './builds.ts';
import type { ReleaseSource } from './releases.ts';
import type { TaskEvents } from './tasks/events.ts';
import type { WebhookSource } from './webhooks.ts';
import type { AdmittedJob, JobTokens, OidcSigner } from './tokens.ts';

/** What all routes work with. */
export interface DevOpsContext {
  readonly organization: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly connections: readonly { readonly id: string; readonly name: string }[];
  readonly builds: BuildSource;
  /** Left out, the project has no classic releases. */
  readonly releases?: ReleaseSource;
  /** Left out, there are no incoming webhooks. */
  readonly webhooks?: WebhookSource;
  readonly tokens: JobTokens;
  readonly signer: OidcSigner;
  readonly taskEvents: TaskEvents;
}

/** `job`: whose token the request carries. */
export interface DevOpsEnv {
  Variables: { job: AdmittedJob };
}

/** The envelope of every list. */
export function listOf<T>(value: readonly T[]): { count: number; value: readonly T[] } {
  return { count: value.length, value };
}
