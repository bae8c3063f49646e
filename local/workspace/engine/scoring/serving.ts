import type { ProbeSettings } from './probes.ts';

/** How a deployment is served; times in milliseconds. Defaults are Azure's. */
export interface ServingSettings {
  readonly requestTimeoutInMs: number;
  readonly maxConcurrentRequestsPerInstance: number;
  readonly liveness: ProbeSettings;
  readonly readiness: ProbeSettings;
}

/** Routes of the container; other than the inference server's own only in custom containers. */
export interface ServingRoutes {
  readonly liveness: string;
  readonly readiness: string;
  readonly scoring: string;
}

export const INFERENCE_SERVER_ROUTES: ServingRoutes = { liveness: '/', readiness: '/', scoring: '/score' };

export const DEFAULT_REQUEST_TIMEOUT_IN_MS = 5_000;
export const DEFAULT_CONCURRENCY = 1;
