const MINUTE_IN_MS = 60_000;
const HOUR_IN_MS = 60 * MINUTE_IN_MS;

/** Pauses after each failed attempt, as Event Grid documents them; after the last, every twelve hours. */
const PAUSES_IN_MS = [
  10_000,
  30_000,
  MINUTE_IN_MS,
  5 * MINUTE_IN_MS,
  10 * MINUTE_IN_MS,
  30 * MINUTE_IN_MS,
  HOUR_IN_MS,
  3 * HOUR_IN_MS,
  6 * HOUR_IN_MS,
  12 * HOUR_IN_MS,
];

/** Answers for which a webhook is not tried again. */
const HOPELESS = [400, 401, 403, 413];
const TAKEN = [200, 201, 202, 203, 204];
/** Answers after which Event Grid waits at least so long. */
const LEAST_IN_MS: Readonly<Record<number, number>> = {
  404: 5 * MINUTE_IN_MS,
  408: 2 * MINUTE_IN_MS,
  503: 30_000,
};

/** What an attempt came to; `status` 0 when there was no answer. */
export interface Attempt {
  readonly status: number;
  /** In Event Grid's words, such as `NotFound` or `TimedOut`. */
  readonly outcome: string;
}

export function isTaken({ status }: Attempt): boolean {
  return TAKEN.includes(status);
}

export function isHopeless({ status }: Attempt): boolean {
  return HOPELESS.includes(status);
}

/** How long to wait after the attempt of this number, counted from 1. Event Grid adds a little chance; here time is exact. */
export function pauseAfter(attempts: number, { status }: Attempt): number {
  const pause = PAUSES_IN_MS[Math.min(attempts, PAUSES_IN_MS.length) - 1] ?? 0;
  return Math.max(pause, LEAST_IN_MS[status] ?? 0);
}

/** The outcome of an HTTP status, in the words dead-lettered events carry. */
export function outcomeOf(status: number): string {
  const words: Readonly<Record<number, string>> = {
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    408: 'TimedOut',
    413: 'PayloadTooLarge',
    429: 'Busy',
    503: 'Busy',
  };
  return words[status] ?? 'GenericError';
}
