import type { Json } from '../json.ts';

/** Requests a new deployment must answer well before it takes traffic. */
export interface SmokeTest {
  readonly requests: readonly SmokeRequest[];
  /** SHA-256 of everything that is sent and asked for, files included. */
  readonly hash: string;
}

export interface SmokeRequest {
  readonly name: string;
  readonly method: string;
  /** Below the endpoint; undefined: its scoring path. */
  readonly path: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly statuses: readonly number[];
  readonly maxLatencyInMs: number | undefined;
  /** Sentences on how a document differs from the schema; none when it fits. */
  readonly schema: ((document: Json) => readonly string[]) | undefined;
  readonly values: readonly ValueCheck[];
}

export interface ValueCheck {
  readonly path: string;
  /** All values the path finds. */
  readonly query: (document: Json) => readonly Json[];
  /** An object, so that `null` can be asked for. */
  readonly equals: { readonly value: Json } | undefined;
  readonly tolerance: Tolerance;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly matches: RegExp | undefined;
  readonly count: number | undefined;
}

export interface Tolerance {
  readonly amount: number;
  readonly isPercent: boolean;
}

/** What came back for one request. */
export interface SmokeAnswer {
  readonly status: number;
  readonly latencyInMs: number;
  readonly body: string;
}

/** One request, what it got, and everything that was wrong with it. */
export interface Probe {
  readonly name: string;
  readonly passed: boolean;
  /** undefined: no answer came. */
  readonly status: number | undefined;
  readonly latencyInMs: number | undefined;
  /** One sentence each: what was expected and what was found. */
  readonly findings: readonly string[];
}
