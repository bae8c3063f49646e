/** What kind of thing went wrong. Closed list: every failure a user meets has one of these. */
export type ProblemCode =
  | 'input' // a task input is missing or cannot be used
  | 'file' // a file is missing, unreadable, or says something it may not say
  | 'unsupported' // understood, but not offered
  | 'sign-in' // no token: wrong credential, expired secret, federation not set up
  | 'forbidden' // a token, but without the right to do this
  | 'not-found' // the service knows no such thing
  | 'conflict' // somebody else changed it, or the name is taken
  | 'quota' // no cores, no capacity, no quota
  | 'network' // no answer: name, connection, TLS, proxy
  | 'service' // the service answered, and the answer was a failure of its own
  | 'storage' // blobs cannot be read or written
  | 'job' // the job failed, was cancelled in the studio, or paused
  | 'timeout' // it took longer than allowed
  | 'cancelled' // the pipeline was cancelled
  | 'metric' // a metric is missing or not a number
  | 'model' // a model without files, or not the bytes that were promised
  | 'evidence' // the record is missing, changed, or does not say what is required
  | 'deployment' // a deployment did not become healthy
  | 'smoke-test' // the new deployment answered, but wrongly
  | 'rollout' // traffic was put back
  | 'internal'; // our own mistake

/** Where in the user's own material the cause lies. Line and column count from 1. */
export interface ProblemPlace {
  readonly input?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The way to a value in a JSON file, such as `environments[0].name`. */
  readonly path?: string;
}

/** What the service said, for support cases. */
export interface ServiceReply {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
  readonly correlationId?: string;
}

export interface ProblemDetails {
  readonly code: ProblemCode;
  /** What happened, as one plain sentence with its full stop. */
  readonly message: string;
  /** What to do next, as one plain sentence with its full stop. */
  readonly next?: string;
  readonly place?: ProblemPlace;
  readonly reply?: ServiceReply;
  readonly cause?: unknown;
}

/** The one error type: a code, a plain sentence, a next step, the place, the service's own words, the cause. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly next: string | undefined;
  readonly place: ProblemPlace | undefined;
  readonly reply: ServiceReply | undefined;

  constructor(details: ProblemDetails) {
    super(details.message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.code;
    this.next = details.next;
    this.place = details.place;
    this.reply = details.reply;
  }
}

/** Several problems found in one reading, reported together. */
export class Problems extends Error {
  override readonly name = 'Problems';
  constructor(readonly all: readonly Problem[]) {
    super(all.map((problem) => problem.message).join(' '));
  }
}

/** Throws what was collected: nothing, one problem as itself, several together. */
export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length === 1) throw problems[0]!;
  if (problems.length > 1) throw new Problems(problems);
}
