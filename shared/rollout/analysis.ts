import type { Limits } from './endpointState.ts';

/** What was measured of one deployment over a time. */
export interface Measured {
  readonly requests: number;
  /** Requests answered with 4xx of the service's own making or 5xx. */
  readonly failedRequests: number;
  /** Of the percentile that is limited; undefined while none is known. */
  readonly latencyInMs: number | undefined;
}

export type Finding =
  | { readonly is: 'within-limits'; readonly words: string }
  /** Nothing is limited, or nothing was asked of the deployment. */
  | { readonly is: 'nothing-to-judge'; readonly words: string }
  | { readonly is: 'broken'; readonly words: string };

/** Limits say something only when there is one. */
export function hasLimits(limits: Limits): boolean {
  return (
    limits.maxErrorRatePercent !== undefined ||
    limits.maxLatencyInMs !== undefined ||
    (limits.minimumRequests ?? 0) > 0
  );
}

/** Judges what was measured. `isFinal`: the bake time is over, so a missing request is missing. */
export function judge(limits: Limits, measured: Measured, isFinal: boolean): Finding {
  const breaches = [errorBreach(limits, measured), latencyBreach(limits, measured)].filter(
    (breach) => breach !== undefined,
  );
  const enough = measured.requests >= (limits.minimumRequests ?? 0);
  if (breaches.length > 0 && (enough || isFinal))
    return { is: 'broken', words: `${breaches.join(', and ')}.` };
  if (!enough && isFinal)
    return {
      is: 'broken',
      words: `Only ${count(measured.requests)} came in, fewer than the ${limits.minimumRequests} asked for.`,
    };
  if (measured.requests === 0)
    return { is: 'nothing-to-judge', words: 'No requests reached the deployment.' };
  return { is: 'within-limits', words: `${wordsOf(limits, measured)}, within the limits.` };
}

function errorBreach({ maxErrorRatePercent }: Limits, measured: Measured): string | undefined {
  if (maxErrorRatePercent === undefined || measured.requests === 0) return undefined;
  const rate = errorRate(measured);
  if (rate <= maxErrorRatePercent) return undefined;
  return `${short(rate)} % of ${count(measured.requests)} failed, more than the limit of ${maxErrorRatePercent} %`;
}

function latencyBreach(limits: Limits, { latencyInMs }: Measured): string | undefined {
  const { maxLatencyInMs, latencyPercentile = 95 } = limits;
  if (maxLatencyInMs === undefined || latencyInMs === undefined || latencyInMs <= maxLatencyInMs)
    return undefined;
  return `latency P${latencyPercentile} was ${short(latencyInMs)} ms, more than the limit of ${maxLatencyInMs} ms`;
}

function wordsOf(limits: Limits, measured: Measured): string {
  const latency =
    measured.latencyInMs === undefined
      ? ''
      : `, latency P${limits.latencyPercentile ?? 95} ${short(measured.latencyInMs)} ms`;
  return `${count(measured.requests)}, ${short(errorRate(measured))} % failed${latency}`;
}

function errorRate({ requests, failedRequests }: Measured): number {
  return requests === 0 ? 0 : (failedRequests / requests) * 100;
}

function count(requests: number): string {
  return requests === 1 ? '1 request' : `${Math.round(requests)} requests`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
