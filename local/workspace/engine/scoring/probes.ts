import http from 'node:http';

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
export function isHealthy(port: number, route: string, timeoutInMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutInMs);
    const request = http.get({ host: '127.0.0.1', port, path: route, signal, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once('error', () => resolve(false));
      response.once('end', () => resolve(statusCode >= 200 && statusCode < 400));
    });
    request.on('error', () => resolve(false));
  });
}

/** The longest a container may take to get ready before Azure gives up on it. */
export function patienceInMs(probe: ProbeSettings): number {
  return probe.initialDelayInMs + probe.periodInMs * probe.failureThreshold;
}
