/** Who answers a request: the workspace's own API, or its blob storage. */
export const FAULTY_SERVICES = ['api', 'storage'] as const;
export type FaultyService = (typeof FAULTY_SERVICES)[number];

/** A request as faults see it: storage's paths begin with the container. */
export interface FacedRequest {
  readonly service: FaultyService;
  readonly method: string;
  readonly path: string;
}

/** Which requests a fault is for. */
export interface FaultTarget {
  readonly service: FaultyService;
  /** Upper case; absent: every method. */
  readonly methods?: readonly string[];
  /** The pattern as it was written; absent: every path. */
  readonly path?: string;
  matches(request: FacedRequest): boolean;
}

/** What happens to a request, or to the work that it begins. */
export type FaultEffect =
  | {
      readonly fault: 'answer';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of ARM's error envelope. */
      readonly body?: unknown;
    }
  /** The request is held back, by the machine's time. */
  | { readonly fault: 'delay'; readonly inMs: number; readonly upToMs?: number }
  /** The connection is closed: before anything is done, or after it was done and before the answer. */
  | { readonly fault: 'drop'; readonly when: 'before' | 'after' }
  /** The work is done, and the connection closed in the middle of the answer's body. */
  | { readonly fault: 'cut'; readonly after: number }
  | { readonly fault: 'throttle'; readonly retryAfterInSeconds: number }
  | { readonly fault: 'expire-token' }
  | { readonly fault: 'quota'; readonly code?: string; readonly message?: string }
  /** Provisioning takes longer, by the workspace's clock. */
  | { readonly fault: 'slow-provisioning'; readonly inSeconds: number }
  | { readonly fault: 'image-build-failure'; readonly message?: string };

/** One fault with the requests it is for, and how often it comes. */
export interface FaultRule {
  readonly name: string;
  readonly on: FaultTarget;
  /** The first so many matches pass unharmed. */
  readonly skip: number;
  /** It comes at most so often; absent: always. */
  readonly count?: number;
  /** From 0 to 1. */
  readonly probability: number;
  readonly effect: FaultEffect;
}

/** A list of faults; the same seed and the same requests meet the same faults. */
export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

export const NO_FAULTS: FaultPlan = { seed: 1, rules: [] };

/** Faults of which one request can have one only. */
export function isOnRequest({ fault }: FaultEffect): boolean {
  return fault !== 'delay' && fault !== 'slow-provisioning' && fault !== 'image-build-failure';
}
