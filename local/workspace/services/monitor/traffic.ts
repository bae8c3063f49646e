import type { WorkspaceContext } from '../../context.ts';
import type { Collection } from '../../store/store.ts';
import { classOf, type Histogram } from './histogram.ts';

/** One scoring request that is over. */
interface ScoredRequest {
  readonly endpoint: string;
  readonly deployment: string;
  /** Status the caller got. */
  readonly status: number;
  /** Status the model gave; absent when it gave none. */
  readonly modelStatus?: number;
  readonly latencyInMs: number;
}

/** The requests to one deployment within one minute. */
export interface TrafficMinute {
  readonly deployment: string;
  /** Start of the minute, in milliseconds since 1970. */
  readonly at: number;
  /** Counts by `<status>/<model status>`. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly latencies: Histogram;
  readonly latencySumInMs: number;
  readonly fastestInMs: number;
  readonly slowestInMs: number;
}

/** What callers did with the endpoints, by the minute. */
export interface Traffic {
  record(request: ScoredRequest): void;
  minutes(endpoint: string, fromMs: number, toMs: number): readonly TrafficMinute[];
  /** Writes what is only in memory yet; nothing is counted after that. */
  close(): Promise<void>;
}

const MINUTE_IN_MS = 60_000;
const FLUSH_AFTER_IN_MS = 1_000;
/** As long as Azure Monitor keeps metrics. */
const KEPT_IN_MS = 93 * 24 * 60 * MINUTE_IN_MS;

const known = new WeakMap<WorkspaceContext, Traffic>();

/** The one record of a workspace's traffic. */
export function trafficOf(context: WorkspaceContext): Traffic {
  const traffic = known.get(context) ?? createTraffic(context);
  known.set(context, traffic);
  return traffic;
}

/** Forgets minutes that Azure would not know any more either. */
export async function pruneTraffic(context: WorkspaceContext): Promise<void> {
  const minutes = collectionOf(context);
  const oldest = context.clock.now().getTime() - KEPT_IN_MS;
  for (const [key, minute] of [...minutes.list()]) if (minute.at < oldest) await minutes.delete(key);
}

function createTraffic(context: WorkspaceContext): Traffic {
  const stored = collectionOf(context);
  const recent = new Map<string, TrafficMinute>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = [...recent];
    await Promise.all(batch.map(([key, minute]) => stored.put(key, minute)));
    // What was counted while it was written stays for the next time.
    for (const [key, minute] of batch) if (recent.get(key) === minute) recent.delete(key);
  };
  return {
    close: () => {
      isClosed = true;
      return flush();
    },
    record: (request) => {
      if (isClosed) return;
      const at = Math.floor(context.clock.now().getTime() / MINUTE_IN_MS) * MINUTE_IN_MS;
      const key = keyOf(request.endpoint, at, request.deployment);
      recent.set(
        key,
        withRequest(recent.get(key) ?? stored.get(key) ?? emptyMinute(request.deployment, at), request),
      );
      timer ??= setTimeout(() => void flush().catch(() => {}), FLUSH_AFTER_IN_MS).unref();
    },
    minutes: (endpoint, fromMs, toMs) => {
      const after = keyOf(endpoint, fromMs, '');
      const range = [...stored.list({ prefix: `${endpoint}/`, after })];
      const all = new Map([...range, ...[...recent].filter(([key]) => key.startsWith(`${endpoint}/`))]);
      return [...all.values()].filter(({ at }) => at >= fromMs && at < toMs);
    },
  };
}

function collectionOf(context: WorkspaceContext): Collection<TrafficMinute> {
  return context.store.collection<TrafficMinute>('onlineTraffic');
}

function keyOf(endpoint: string, at: number, deployment: string): string {
  return `${endpoint}/${String(at).padStart(15, '0')}/${deployment}`;
}

function emptyMinute(deployment: string, at: number): TrafficMinute {
  return {
    deployment,
    at,
    statuses: {},
    latencies: {},
    latencySumInMs: 0,
    fastestInMs: Infinity,
    slowestInMs: 0,
  };
}

function withRequest(
  minute: TrafficMinute,
  { status, modelStatus, latencyInMs }: ScoredRequest,
): TrafficMinute {
  const statuses = `${status}/${modelStatus ?? 0}`;
  const latencies = String(classOf(latencyInMs));
  return {
    ...minute,
    statuses: { ...minute.statuses, [statuses]: (minute.statuses[statuses] ?? 0) + 1 },
    latencies: { ...minute.latencies, [latencies]: (minute.latencies[latencies] ?? 0) + 1 },
    latencySumInMs: minute.latencySumInMs + latencyInMs,
    fastestInMs: Math.min(minute.fastestInMs, latencyInMs),
    slowestInMs: Math.max(minute.slowestInMs, latencyInMs),
  };
}
