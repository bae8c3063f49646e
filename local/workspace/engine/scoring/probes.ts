import { request } from 'undici';

/** How a probe decides, in Azure's terms; times in milliseconds. */
export interface ProbeSettings {
  readonly initialDelayInMs: number;
  readonly periodInMs: number;
  readonly timeoutInMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** The service's defaults for online deployments. */
export const DEFAULT_PROBE: ProbeSettings = {
  initialDelayInMs: 10_000,
  periodInMs: 10_000,
  timeoutInMs: 2_000,
  successThreshold: 1,
  failureThreshold: 30,
};

/** Whether the inference server answers its health route in time. */
export async function isHealthy(port: number, route: string, timeoutInMs: number): Promise<boolean> {
  try {
    const reply = await request(`http://127.0.0.1:${port}${route}`, {
      headersTimeout: timeoutInMs,
      bodyTimeout: timeoutInMs,
      signal: AbortSignal.timeout(timeoutInMs),
    });
    await reply.body.dump();
    return reply.statusCode >= 200 && reply.statusCode < 400;
  } catch {
    return false;
  }
}

/** The longest a container may take to get ready before Azure gives up on it. */
export function patienceInMs(probe: ProbeSettings): number {
  return probe.initialDelayInMs + probe.periodInMs * probe.failureThreshold;
}
